"""A small seccomp filter: what code that parses a hostile file must never be able to ask of the kernel.

A deny list, not an allow list: the calls that libc, libav and Python make differ by version and machine, while
the calls that lead out of the process are few and stable. Denied calls answer EPERM, so ordinary code sees
an ordinary error. Numbers are from the kernel's `unistd` tables for x86_64 and aarch64.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct

PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_SET_MODE_FILTER = 1
_SECCOMP_FILTER_FLAG_TSYNC = 1  # every thread of the process, not only this one

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_NR_SECCOMP = {"x86_64": 317, "aarch64": 277}

# name: (x86_64, aarch64); None where the machine has no such call.
_DENIED: dict[str, tuple[int | None, int | None]] = {
    # network
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201),
    "accept": (43, 202), "accept4": (288, 242),
    # other programs and other processes
    "execve": (59, 221), "execveat": (322, 281), "fork": (57, None), "vfork": (58, None), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kill": (62, 129), "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424), "kcmp": (312, 272), "process_madvise": (440, 440),
    "shmget": (29, 194), "msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180),
    # the walls of this jail
    "setrlimit": (160, 164), "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "chroot": (161, 51), "move_mount": (429, 429), "open_tree": (428, 428),
    "fsopen": (430, 430), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264), "mknod": (133, None), "mknodat": (259, 33),
    "personality": (135, 92),
    # corners of the kernel with a history of holes, of no use to a converter
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "add_key": (248, 217), "request_key": (249, 218),
    "keyctl": (250, 219), "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "quotactl": (179, 60), "reboot": (169, 142),
    "swapon": (167, 224), "acct": (163, 89), "fanotify_init": (300, 262), "iopl": (172, None),
    "ioperm": (173, None), "modify_ldt": (154, None), "syslog": (103, 116),
}  # fmt: skip
_CLONE, _CLONE3, _TGKILL, _PRLIMIT = (56, 220), (435, 435), (234, 131), (302, 261)
_CLONE_THREAD = 0x00010000

# Classic BPF: opcodes, and offsets into struct seccomp_data {int nr; u32 arch; u64 ip; u64 args[6]}, little-endian.
_LOAD, _JEQ, _JGE, _JSET, _RET = 0x20, 0x15, 0x35, 0x45, 0x06
_NR_AT, _ARCH_AT, _ARGS_AT = 0, 4, 16
_ALLOW = 0x7FFF0000
_KILL = 0x80000000


def _answer(number: int) -> int:
    return 0x00050000 | number


def _instruction(code: int, k: int, jump_true: int = 0, jump_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, jump_true, jump_false, k)


def _on_call(number: int, block: list[bytes]) -> list[bytes]:
    """Run `block`, which must return, when the call is `number`; else skip it."""
    return [_instruction(_JEQ, number, 0, len(block)), *block]


def build_filter(machine: str, pid: int) -> bytes:
    """The filter program for `machine` (x86_64 or aarch64) as an array of struct sock_filter.

    Besides the denied calls: new processes are refused but threads allowed (clone with CLONE_THREAD; clone3,
    whose flags a filter cannot see, says ENOSYS so that libc falls back to clone); signals only to `pid`
    itself, which abort() needs; resource limits may be read, not set.
    Raises KeyError for another machine.
    """
    arch, column = _AUDIT_ARCH[machine], list(_AUDIT_ARCH).index(machine)
    deny, allow = _instruction(_RET, _answer(errno.EPERM)), _instruction(_RET, _ALLOW)

    program = [_instruction(_LOAD, _ARCH_AT), _instruction(_JEQ, arch, 1, 0), _instruction(_RET, _KILL)]
    program += [_instruction(_LOAD, _NR_AT)]
    if machine == "x86_64":  # the x32 twin of every call has this bit set
        program += [_instruction(_JGE, 0x40000000, 0, 1), deny]
    for numbers in _DENIED.values():
        number = numbers[column]
        if number is not None:
            program += _on_call(number, [deny])
    program += _on_call(_CLONE3[column], [_instruction(_RET, _answer(errno.ENOSYS))])
    program += _on_call(
        _CLONE[column],
        [_instruction(_LOAD, _ARGS_AT), _instruction(_JSET, _CLONE_THREAD, 0, 1), allow, deny],
    )
    program += _on_call(_TGKILL[column], [_instruction(_LOAD, _ARGS_AT), _instruction(_JEQ, pid, 0, 1), allow, deny])
    new_limit = _ARGS_AT + 8 * 2
    program += _on_call(
        _PRLIMIT[column],
        [
            _instruction(_LOAD, new_limit), _instruction(_JEQ, 0, 0, 3),
            _instruction(_LOAD, new_limit + 4), _instruction(_JEQ, 0, 0, 1), allow, deny,
        ],
    )  # fmt: skip
    return b"".join([*program, allow])


class _Program(ctypes.Structure):
    _fields_ = [("len", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def install() -> None:
    """Put the filter on every thread of this process, for good.

    Needs PR_SET_NO_NEW_PRIVS first. Raises OSError where the kernel will not, KeyError on an unknown machine.
    """
    machine = platform.machine()
    code = build_filter(machine, os.getpid())
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    done = libc.syscall(
        _NR_SECCOMP[machine],
        ctypes.c_long(_SECCOMP_SET_MODE_FILTER),
        ctypes.c_long(_SECCOMP_FILTER_FLAG_TSYNC),
        ctypes.byref(program),
    )
    if done != 0:
        raise OSError(ctypes.get_errno(), "seccomp filter refused")
