from unittest import TestCase

from ..automatic_mail import is_automatic


class TestAutomaticMail(TestCase):
    def test_what_a_program_sent(self):
        for headers in (
            [("Auto-Submitted", "auto-replied")],
            [("auto-submitted", "Auto-Generated; type=report")],
            [("X-Autoreply", "yes")],
            [("X-Autorespond", "out of office")],
            [("Precedence", "auto_reply")],
            [("PRECEDENCE", " Bulk ")],
            [("Return-Path", "<>")],
            [("Subject", "Complaint"), ("Precedence", "list")],
        ):
            with self.subTest(headers=headers):
                self.assertTrue(is_automatic(headers))

    def test_what_a_person_sent(self):
        for headers in (
            [],
            [("Auto-Submitted", "no")],
            [("X-Autoreply", "no")],
            [("Precedence", "first-class")],
            [("Return-Path", "<ann@example.com>")],
            [("X-Auto-Response-Suppress", "All")],  # a wish about answers, of a person's program
            [("Subject", "Auto-Submitted: auto-replied")],
        ):
            with self.subTest(headers=headers):
                self.assertFalse(is_automatic(headers))
