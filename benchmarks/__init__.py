"""What `make bench` runs: each figure beside its baseline, in one run, on one database."""
