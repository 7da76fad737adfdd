"""Sending clips to people, and the inbox. Who may send to whom: `accounts.querysets.takes_sends_of`."""
