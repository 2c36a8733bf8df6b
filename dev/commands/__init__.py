"""One module per command of dev/: ``main(arguments)`` returns the exit status."""
