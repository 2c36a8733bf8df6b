from datetime import timedelta
from unittest import TestCase

from ..mail_failures import WAITS, is_for_good


class TestMailFailures(TestCase):
    def test_for_now_or_for_good(self):
        for reason, for_good in [
            ("SMTPDataError: (451, b'try later')", False),
            ("SMTPRecipientsRefused: {'a@b.example': (450, b'greylisted')}", False),
            ("SMTPRecipientsRefused: {'a@b.example': (550, b'no such user')}", True),
            ("SMTPSenderRefused: (553, b\"not yours\", 'us@our.example')", True),
            ("{'a@b.example': (550, b'no such user'), 'c@b.example': (451, b'busy')}", False),
            ("[Errno 111] Connection refused", False),
            ("Connection unexpectedly closed", False),
            ("Error 550 in some text", False),
            ("", False),
            (None, False),
        ]:
            with self.subTest(reason):
                self.assertEqual(is_for_good(reason), for_good)

    def test_waits_grow(self):
        self.assertEqual(list(WAITS), sorted(WAITS))
        self.assertLessEqual(WAITS[0], timedelta(minutes=10))
