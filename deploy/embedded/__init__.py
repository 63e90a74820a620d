"""The native stack: engines and processes of Throughline on one machine, without Docker or root."""
