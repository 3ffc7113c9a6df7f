"""What survives when the process is killed, the disk is full, or somebody writes into the file by hand."""
