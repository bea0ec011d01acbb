"""A terminal of our own, to type to a program and to read what it shows."""

import os
import pty
import select
import time


class Terminal:
    """A program whose terminal is ours."""

    def __init__(self, words, settings):
        self.child, self.file = pty.fork()
        if self.child == 0:
            os.execve(words[0], words, settings)
        self.seen = ""

    def read_until(self, text, seconds=60):
        end = time.monotonic() + seconds
        while text not in self.seen and time.monotonic() < end:
            if not select.select([self.file], [], [], 0.2)[0]:
                continue
            try:
                piece = os.read(self.file, 4096)
            except OSError:
                break
            if not piece:
                break
            self.seen += piece.decode(errors="replace")
        assert text in self.seen, self.seen

    def type(self, text):
        time.sleep(0.2)
        os.write(self.file, text.encode())

    def wait(self):
        try:
            while os.read(self.file, 4096):
                pass
        except OSError:
            pass
        _, status = os.waitpid(self.child, 0)
        os.close(self.file)
        return os.waitstatus_to_exitcode(status)
