"""Open Referral HSDS files for the command line: read, cut into pieces a service takes, sent, and told about."""
