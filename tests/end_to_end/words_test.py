"""What the program says when something is not as it should be: what happened, why, what to do now; and nothing silent."""

import os
import pty

import world

NOBODY = 65534


def said(answer):
    """Everything of a problem, as one text."""
    return " ".join(str(part) for part in answer.problem.values())


class Outputs(world.World):
    def test_a_picture_that_does_not_fit_is_left_out(self):
        carla = self.founder(self.hub(), "North")
        command = [word for word in carla.command("invite", "--role", "coordinator") if word != "--json"]

        def seen(columns, lines):
            child, file = pty.fork()
            if child == 0:
                os.execve("/bin/sh", ["sh", "-c", f'stty cols {columns} rows {lines}; exec "$0" "$@"', *command],
                          world.environment() | {"TERM": "xterm", "NO_COLOR": "1"})
            text = b""
            try:
                while piece := os.read(file, 4096):
                    text += piece
            except OSError:
                pass
            os.waitpid(child, 0)
            os.close(file)
            return text.decode()

        self.assertIn("▀", seen(120, 80))
        for columns, lines in ((40, 80), (120, 20)):
            text = seen(columns, lines)
            self.assertNotIn("▀", text)
            self.assertIn("The QR picture is left out", text)
            self.assertIn("VEREDA-", text)


class Hubs(world.World):
    def test_a_token_is_made_only_where_a_hub_is(self):
        nowhere = self.path("typo")
        done = self.hub_program("token", "--data", nowhere)
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn("no hub's data in " + nowhere, done.stderr)
        self.assertFalse(os.path.exists(nowhere))
        hub = self.hub()
        hub.stop()
        self.assertEqual(len(hub.token()), 32)

    def test_a_hub_without_a_command_lists_them(self):
        done = self.hub_program()
        self.assertEqual(done.returncode, world.USAGE)
        for command in ("serve", "token"):
            self.assertIn(command, done.stderr)


world.main()
