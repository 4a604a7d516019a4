SELECT form, period, reporter_code FROM due
