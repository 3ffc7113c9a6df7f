"""System calls that fail on demand, without a compiler and without a file system made for it: a filter of the kernel.

A filter (seccomp) makes chosen calls of this process return an error, as a failing disk would. It holds for all threads
and every child, and cannot be taken back; so it is for processes of their own.
Run as a program it puts a filter on another program: `python failing_calls.py CALL[,CALL] -- PROGRAM ARGUMENT ...`.
"""

import ctypes
import errno
import os
import platform
import struct
import sys

CALLS = {
    "x86_64": {"fsync": 74, "fdatasync": 75, "pread64": 17, "read": 0, "pwrite64": 18},
    "aarch64": {"fsync": 82, "fdatasync": 83, "pread64": 67, "read": 63, "pwrite64": 68},
}
SECCOMP = {"x86_64": 317, "aarch64": 277}
_NO_NEW_PRIVILEGES = 38
_SET_FILTER, _ALL_THREADS = 1, 1
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_NUMBER_AT, _FIRST_ARGUMENT_AT = 0, 16


def possible() -> bool:
    return sys.platform == "linux" and platform.machine() in CALLS


def fail(*names: str, error: int = errno.EIO, file: int | None = None) -> None:
    """From now on these calls fail in this process; with `file`, only those on that descriptor."""
    numbers = [CALLS[platform.machine()][name] for name in names]
    program = b"".join(_failing(number, error, file) for number in numbers) + _step(_RETURN, _ALLOW)
    kept = ctypes.create_string_buffer(program)
    filters = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(kept)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
    if libc.syscall(SECCOMP[platform.machine()], _SET_FILTER, _ALL_THREADS, filters):
        raise OSError(ctypes.get_errno(), "seccomp")


def _failing(number: int, error: int, file: int | None) -> bytes:
    """If the call has this number (and this descriptor), return the error; else go on behind."""
    refuse = _step(_RETURN, _ERROR | error)
    if file is not None:
        refuse = _step(_LOAD, _FIRST_ARGUMENT_AT) + _step(_EQUAL, file, otherwise=1) + refuse
    return _step(_LOAD, _NUMBER_AT) + _step(_EQUAL, number, otherwise=len(refuse) // 8) + refuse


def _step(code: int, value: int, *, otherwise: int = 0) -> bytes:
    return struct.pack("HBBI", code, 0, otherwise, value)


if __name__ == "__main__":
    at = sys.argv.index("--")
    fail(*sys.argv[1].split(","))
    os.execvp(sys.argv[at + 1], sys.argv[at + 1 :])
