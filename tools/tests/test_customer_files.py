from unittest import TestCase

from ..customer_files import HEAD, PROGRAMS, Refusal, clean_name, kind_of, kinds, refusal

ALLOWED = kinds("jpg jpeg png gif webp heic pdf doc docx xls xlsx txt csv mp4 mov zip")
BEGINNINGS = {
    "jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "png": b"\x89PNG\r\n\x1a\n\x00\x00",
    "gif": b"GIF89a\x01\x00",
    "webp": b"RIFF\x24\x00\x00\x00WEBPVP8 ",
    "heic": b"\x00\x00\x00\x18ftypheic",
    "mov": b"\x00\x00\x00\x14ftypqt  ",
    "pdf": b"%PDF-1.7\n",
    "docx": b"PK\x03\x04\x14\x00",
    "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00",
    "txt": "Fünf Fliesen fehlen".encode(),
}
PROGRAM_BEGINNINGS = {
    "Windows": b"MZ\x90\x00\x03\x00\x00\x00",
    "Linux": b"\x7fELF\x02\x01\x01\x00",
    "Mac": b"\xcf\xfa\xed\xfe\x07\x00",
    "Java": b"\xca\xfe\xba\xbe\x00\x00\x00\x34",
    "shell": b"#!/bin/sh\nrm -rf /",
    "PHP": b"<?php system($_GET['c']);",
    "shortcut": b"L\x00\x00\x00\x01\x14\x02\x00\x00\x00",
}


class TestCustomerFiles(TestCase):
    def _refusal(self, name, head, size=None, max_size=1000):
        return refusal(name, head, len(head) if size is None else size, ALLOWED, max_size)

    def test_honest_files_are_taken(self):
        for kind, head in BEGINNINGS.items():
            with self.subTest(kind):
                self.assertIsNone(self._refusal(f"tiles.{kind}", head))
                self.assertIsNone(self._refusal(f"TILES.{kind.upper()}", head))

    def test_a_program_is_one_under_any_name(self):
        for system, head in PROGRAM_BEGINNINGS.items():
            for kind in ALLOWED:
                with self.subTest(system, kind=kind):
                    self.assertEqual(self._refusal(f"photo.{kind}", head), Refusal.PROGRAM)

    def test_a_program_by_its_name_alone(self):
        for name in (
            "a.exe",
            "photo.jpg.exe",
            "photo.jpg.EXE ",
            "x.svg",
            "x.HTML",
            "x.docm",
            "x.js.",
        ):
            with self.subTest(name):
                self.assertEqual(self._refusal(name, BEGINNINGS["jpg"]), Refusal.PROGRAM)
        self.assertFalse(PROGRAMS & set(ALLOWED))

    def test_programs_are_refused_even_when_allowed(self):
        self.assertEqual(refusal("a.exe", b"anything", 8, ["exe"], 100), Refusal.PROGRAM)

    def test_a_file_is_what_its_name_says(self):
        for kind in BEGINNINGS:
            with self.subTest(kind):
                self.assertEqual(
                    self._refusal(f"a.{kind}", b"\x00\x00<script>x</script>\x00"), Refusal.DISGUISED
                )

    def test_size(self):
        jpg = BEGINNINGS["jpg"]
        for size, expected in (
            (0, Refusal.EMPTY),
            (1, None),
            (1000, None),
            (1001, Refusal.TOO_BIG),
        ):
            with self.subTest(size=size):
                self.assertEqual(self._refusal("a.jpg", jpg, size), expected)

    def test_unknown_kinds(self):
        for name in ("a.xyz", "README", "jpg", "a.jpg.xyz"):
            with self.subTest(name):
                self.assertEqual(self._refusal(name, BEGINNINGS["jpg"]), Refusal.KIND)

    def test_a_list_that_begins_with_mz_is_no_program(self):
        self.assertIsNone(self._refusal("a.csv", b"MZ;Mainz;12"))

    def test_only_the_beginning_is_read(self):
        self.assertIsNone(self._refusal("a.txt", b"x" * HEAD + b"\x00", 900))

    def test_names(self):
        for name, expected in (
            ("a.jpg", "a.jpg"),
            ("C:\\fakepath\\瓷砖.jpg", "瓷砖.jpg"),
            ("../../x.png", "x.png"),
            ("photo\u202egpj.exe", "photogpj.exe"),
            ("a\r\nSubject: b.jpg", "aSubject: b.jpg"),
            ("", "file"),
            ("..", "file"),
        ):
            with self.subTest(name):
                self.assertEqual(clean_name(name), expected)
        self.assertEqual(kind_of("x" * 500 + ".jpg"), "jpg")
