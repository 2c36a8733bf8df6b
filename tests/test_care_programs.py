"""Who is due on which day, once; what a program refuses; what trying it shows and leaves behind."""

from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .care_case import CareCase


@tagged("post_install", "-at_install")
class TestDue(CareCase):
    def _days(self, program, *partners):
        return {
            message.partner_id: message.occasion_day
            for message in self._messages(program, *partners)
        }

    def test_birthdays_of_today_alone(self):
        today, *__ = (
            self._people(1, name, born)
            for name, born in (
                ("Today", "1980-06-12"),
                ("Yesterday", "1980-06-11"),
                ("Tomorrow", "1980-06-13"),
                ("Month", "1980-07-12"),
                ("Newborn", "2024-06-12"),
            )
        )
        program = self._program()
        self._plan(program)
        self.assertEqual(self._days(program), {today: self.today})

    def test_once_a_year_and_never_for_past_years(self):
        """naiba/bonds#153, berlicrm#322: once for every past year, once for every run."""
        self.company.customer_care_overdue_days = 10_000
        person = self._people(1)
        program = self._program()
        self._plan(program)
        for __ in range(3):
            self._plan(program)
        self.assertEqual(len(self._messages(program, person)), 1)
        for year in (2025, 2026):
            with self._on(self.today.replace(year=year)):
                self._plan(program)
        messages = self._messages(program, person)
        self.assertEqual(messages.mapped("occasion_key"), ["2024", "2025", "2026"])
        self.assertEqual(set(messages.mapped("reason")), {False})

    def test_leap_day(self):
        person = self._people(1, born="1996-02-29")
        program = self._program()
        kept = []
        for year, days in ((2025, (27, 28)), (2028, (28, 29))):
            for day in days:
                with self._on(date(year, 2, day)):
                    self._plan(program)
            with self._on(date(year, 3, 1)):
                self._plan(program)
            kept.append(self._messages(program, person).mapped("occasion_day")[-1])
        self.assertEqual(kept, [date(2025, 2, 28), date(2028, 2, 29)])
        self.assertEqual(len(self._messages(program, person)), 2)

    def test_missed_days(self):
        """The server was down: for some days it is made up for, later it is said to be too late."""
        near, far = (
            self._people(1, n, b) for n, b in (("Near", "1980-06-18"), ("Far", "1980-06-15"))
        )
        program = self._program(grace_days=3)
        self._plan(program)
        with self._on(date(2024, 6, 20)):
            self._plan(program)
        self.assertEqual(
            self._said(program),
            [(near, "queued", False), (far, "refused", "late")]
            if near.id < far.id
            else [(far, "refused", "late"), (near, "queued", False)],
        )

    def test_what_was_missed_in_a_pause_is_not_made_up_for(self):
        self._people(1, born="1980-06-14")
        program = self._program()
        program.action_pause()
        with self._on(date(2024, 6, 15)):
            program.action_run()
            self._plan(program)
        self.assertFalse(self._messages(program))

    def test_days_before(self):
        person = self._people(1, born="1980-01-02")
        program = self._program(lead_days=5)
        with self._on(date(2024, 12, 28)):
            self._plan(program)
        self.assertEqual(self._days(program), {person: date(2025, 1, 2)})
        self.assertEqual(self._messages(program).occasion_key, "2025")

    def test_holidays_by_country(self):
        chinese, american, unknown = (
            self._people(1, name, country_id=country and self.env.ref(f"base.{country}").id)
            for name, country in (("Li", "cn"), ("Ann", "us"), ("Somebody", False))
        )
        program = self._program("mid_autumn", lead_days=1)
        with self._on(date(2024, 9, 16)):
            self.env.ref("customer_success.occasion_mid_autumn")._fill_dates()
            self._plan(program)
        self.assertEqual(self._days(program), {chinese: date(2024, 9, 17)})
        self.company.country_id = self.env.ref("base.cn")
        with self._on(date(2024, 9, 17)):
            self._plan(program)
        self.assertEqual(set(self._days(program)), {chinese, unknown})
        self.assertNotIn(american, self._days(program))

    def test_lunar_days_year_by_year_and_what_a_person_entered_stays(self):
        occasion = self.env.ref("customer_success.occasion_spring_festival")
        occasion.date_ids.unlink()
        occasion._fill_dates()
        days = {each.year: each.day for each in occasion.date_ids}
        self.assertEqual(
            days, {2024: date(2024, 2, 10), 2025: date(2025, 1, 29), 2026: date(2026, 2, 17)}
        )
        occasion.date_ids.filtered(lambda each: each.year == 2025).day = date(2025, 1, 28)
        occasion._fill_dates()
        self.assertIn(date(2025, 1, 28), occasion.date_ids.mapped("day"))
        self.assertEqual(len(occasion.date_ids), 3)

    def test_a_corrected_holiday_does_not_come_twice(self):
        self._people(1)
        occasion = self.env["customer.occasion"].create(
            {
                "name": "Fair",
                "kind": "holiday",
                "everywhere": True,
                "date_ids": [(0, 0, {"day": self.today})],
            }
        )
        program = self._program(occasion)
        self._plan(program)
        occasion.date_ids.day = self.today + timedelta(2)
        with self._on(self.today + timedelta(2)):
            self._plan(program)
        self.assertEqual(len(self._messages(program)), 1)

    def test_anniversary_of_the_first_purchase(self):
        old, new = (
            self.env["res.partner"].create({"name": name, "email": f"{name}@p.example"})
            for name in ("old", "new")
        )
        self._bulk([(old, date(2022, 6, 12), 10), (new, self.today, 10)])
        self._run("full")
        program = self._program("first_purchase")
        self._plan(program)
        self.assertEqual(self._days(program), {old: self.today})
        self.assertEqual(self._messages(program)._years(), 2)

    def test_entering_a_stage(self):
        person = self._people(1)
        occasion = self.env["customer.occasion"].create(
            {"name": "Becomes key", "kind": "transition", "tier_ids": self.tiers["key"].ids}
        )
        program = self._program(occasion)
        self._plan(program)
        self.assertFalse(self._messages(program))
        profile = self._profile(person)
        for tier in ("low", "key"):
            profile._set_manual("tier", self.tiers[tier], "test", False)
        self._run("full")
        self._plan(program)
        self.assertEqual(len(self._messages(program, person)), 1)
        self._plan(program)
        self.assertEqual(len(self._messages(program, person)), 1)

    def test_new_product_in_a_category_that_is_bought(self):
        tiles, paint = self.env["product.category"].create([{"name": "Tiles"}, {"name": "Paint"}])
        buys, other = self._people(2)
        old = self.env["product.product"].create({"name": "Old tile", "categ_id": tiles.id})
        old.product_tmpl_id.invalidate_recordset()
        self.env.cr.execute(
            "UPDATE product_template SET create_date = '2020-01-01' WHERE id = %s",
            [old.product_tmpl_id.id],
        )
        move = self._invoice(buys, self._ago(5), 10, post=False)
        move.invoice_line_ids.product_id = old
        move.action_post()
        fresh = self.env["product.template"].create(
            [
                {"name": "New tile", "categ_id": tiles.id},
                {"name": "New paint", "categ_id": paint.id},
            ]
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE product_template SET create_date = '2024-06-12 09:00' WHERE id IN %s",
            [tuple(fresh.ids)],
        )
        self.purpose["offers"].default = "allowed"
        program = self._program("new_product", purpose_id=self.purpose["offers"].id)
        self._plan(program)
        message = self._messages(program)
        self.assertEqual(message.partner_id, buys)
        self.assertEqual(message._news().mapped("name"), ["New tile"])
        self.assertFalse(self._messages(program, other))
        with self._on(self.today + timedelta(1)):
            self._plan(program)
        self.assertEqual(len(self._messages(program)), 1, "one a week")

    def test_only_the_segment_and_only_the_company(self):
        inside, outside = self._people(2)
        segment = self.env["customer.segment"].create(
            {"name": "Inside", "domain": f"[('partner_id', '=', {inside.id})]"}
        )
        program = self._program(segment_id=segment.id)
        self.assertEqual(program.audience_count, 1)
        elsewhere = self._program(company_id=self._new_company("Elsewhere").id)
        self._plan(program, elsewhere)
        self.assertEqual(self._messages(program).partner_id, inside)
        self.assertFalse(self._messages(elsewhere))
        self.assertTrue(outside)

    def test_by_a_card_for_whoever_looks_after_the_customer(self):
        person, refuses = self._people(2)
        manager = self._user("manager", "own")
        person.user_id = manager
        self._consent(refuses, "refused", channel="phone")
        program = self._program(channel="followup", mail_template_id=False, advice="Wish her well")
        self._plan(program)
        self._hand_over()
        self.assertEqual(
            self._said(program), [(person, "sent", False), (refuses, "refused", "refused")]
        )
        card = self.env["customer.followup"].search(
            [("res_id", "=", self._messages(program, person).id)]
        )
        self.assertEqual((card.profile_id.partner_id, card.user_id), (person, manager))
        self.assertEqual(card.advice, "Wish her well")
        self.assertIn(person.name, card.why)


@tagged("post_install", "-at_install")
class TestPrograms(CareCase):
    def test_ready_programs_are_there_and_write_to_nobody(self):
        ready = self.Program.search([("company_id", "=", self.company.id)])
        self.assertEqual(
            set(ready.mapped("kind")), {"birthday", "holiday", "first_purchase", "new_product"}
        )
        self.assertEqual(set(ready.mapped("state")), {"draft"})
        self.company._care_set_up()
        self.assertEqual(self.Program.search([("company_id", "=", self.company.id)]), ready)
        for program in ready:
            program._check_can_run()

    def test_what_is_missing_is_said(self):
        with self.assertRaisesRegex(UserError, "e-mail template"):
            self._program(mail_template_id=False)
        occasion = self.env["customer.occasion"].create({"name": "Fair", "kind": "holiday"})
        with self.assertRaisesRegex(UserError, "no day to come"):
            self._program(occasion)
        with self.assertRaisesRegex(ValidationError, "held out"):
            self._program(purpose_id=self.purpose["service"].id, holdout_percent=5)

    def test_what_was_written_is_kept(self):
        self._people(1)
        program = self._program()
        self._plan(program)
        with self.assertRaises(UserError):
            program.unlink()

    def test_trying_shows_and_leaves_nothing(self):
        gets, refuses = self._people(2)
        self._consent(refuses, "refused")
        program = self._program(run=False)
        boss = self._user("boss", "all")
        boss.email = "boss@test-trading.example"
        mails = self.env["mail.mail"].search_count([])
        trial = (
            self.env["customer.care.trial"]
            .browse(program.with_user(boss).action_try()["res_id"])
            .with_user(boss)
        )
        self.assertEqual((trial.due_count, trial.send_count), (2, 1))
        self.assertEqual(
            [(line.partner_id, line.verdict, line.reason) for line in trial.line_ids],
            [(gets, "queued", False), (refuses, "refused", "refused")],
        )
        self.assertIn("Refused by the contact: 1", trial.summary_text)
        self.assertEqual(trial.partner_id, gets)
        self.assertIn(gets.name, trial.preview_subject)
        self.assertIn("/care/preferences/", trial.preview_body)
        self.assertFalse(self._messages(program))
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        trial.action_send_to_me()
        mail = self.env["mail.mail"].search([], limit=1, order="id desc")
        self.assertIn("boss@test-trading.example", mail.email_to)
        self.assertNotIn(gets.email, mail.email_to)
        self.assertFalse(self._messages(program))

    def test_trying_in_the_contacts_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.template.with_context(
            lang="zh_CN"
        ).subject = "{{ object._greeting_name() }}，生日快乐！"
        person = self._people(1, lang="zh_CN")
        trial = self.env["customer.care.trial"].browse(
            self._program(run=False).action_try()["res_id"]
        )
        self.assertEqual(trial.preview_subject, f"{person.name}，生日快乐！")

    def test_who_may_try_and_start(self):
        program = self._program(run=False)
        own = program.with_user(self._user("own", "own")).with_context(
            allowed_company_ids=self.company.ids
        )
        self.assertTrue(own.name)
        for act in (own.action_run, own.action_pause, own.action_try):
            with self.assertRaises(AccessError):
                act()

    def test_an_account_manager_sees_messages_to_own_customers(self):
        mine, theirs = self._people(2)
        user = self._user("own", "own")
        mine.user_id = user
        program = self._program()
        self._plan(program)
        own = self.Message.with_user(user)
        self.assertEqual(own.search([]).partner_id, mine)
        self.assertEqual(program.with_user(user).message_count, 1)
        self.assertTrue(theirs)

    def test_merging_keeps_every_message_and_writes_none_twice(self):
        first, second, third = self._people(3)
        program = self._program()
        self._plan(program)
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((first | second).ids, first)
        self.env.invalidate_all()
        self.assertEqual(len(self._messages(program, first)), 2)
        self._plan(program)
        self.assertEqual(len(self._messages(program, first)), 2)
        fresh = self._people(1, "Fresh", "1990-01-01")
        wizard._merge((third | fresh).ids, fresh)
        fresh.customer_birthday = "1980-06-12"
        self._run("full")
        self._plan(program)
        self.assertEqual(len(self._messages(program, fresh)), 1, "it had this year's already")
