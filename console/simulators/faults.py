"""The names of every fault that a simulator can show, by kind of device."""

from __future__ import annotations

PRINTER = (
    "paper_out",
    "paper_low",
    "cover_open",
    "cutter_jam",
    "cutter_stopped",  # the blade is free again, the printer waits to be told to go on
    "head_hot",
    "mechanical",
    "unrecoverable",
    "offline",
    "waiting",  # stopped, waits for a person to bring it back on line
    "feed_pressed",
    "drawer_open",
    "drawer_stuck",  # the pulse goes out, the drawer stays shut
    "dead_dots",  # some columns of the head print nothing
    "mute",  # hung: takes bytes, does nothing with them until it is cured
    "slow",
    "late_reply",
    "garbage",
    "half_reply",
    "drop_connection",
    "write_only",  # prints everything, answers nothing
)

_NOT_STAR = {"feed_pressed", "cutter_stopped"}
STAR = (
    *(fault for fault in PRINTER if fault not in _NOT_STAR),
    "paper_low_outer",  # the second near-end sensor
    "mark_missing",
    "paper_jam",  # in the presenter
    "head_up",
    "overflow",  # the reception buffer ran over
    "command_error",  # in page mode
)

LABEL_PRINTER = (
    "paper_out",
    "paper_low",
    "cover_open",
    "head_hot",
    "cutter_jam",
    "ribbon_out",
    "paused",
    "label_jam",
    "gap_error",  # no gap or black mark found between two labels
    "label_waiting",  # in peel-off mode: the label before was not taken
    "mute",
    "slow",
    "late_reply",
    "garbage",
    "half_reply",
    "drop_connection",
    "write_only",
)

IPP_PRINTER = (
    "paper_out",
    "paper_low",
    "cover_open",
    "jam",
    "paused",
    "rejecting",  # takes no new jobs
    "busy",
    "mute",
    "slow",
    "garbage",
    "half_reply",
    "unauthorized",
    "not_found",  # no printer under its path
    "job_aborted",
    "never_completes",
)

SCANNER = (
    "missing_suffix",
    "wrong_suffix",  # Tab, or Enter where Tab is set up
    "double_read",
    "dropped_characters",
    "extra_prefix",
    "code_id",  # one character of its maker's in front
    "missing_check_digit",
    "missing_leading_zero",
    "caps_lock",
    "layout",  # set to German, on a computer with a US keyboard
    "full_width",  # an input method, in full-width mode
    "input_method",  # an input method, which makes Hanzi of the letters
    "slow_keys",
    "misread",
    "screen_blind",  # reads nothing from a screen, and paper well
    "mute",
)

# One keyboard is read before any input method has its keys.
KEY_SCANNER = tuple(each for each in SCANNER if each not in {"full_width", "input_method"})

# On USB HID POS nothing types: no suffix, no keyboard, no input method is in the way.
HID_SCANNER = (
    "double_read",
    "dropped_characters",
    "extra_prefix",
    "code_id",
    "missing_check_digit",
    "missing_leading_zero",
    "misread",
    "screen_blind",
    "mute",
    "no_identifier",  # leaves AIM's identifier out
    "unfinished",  # the last report of a code never comes
)

SCALE = (
    "overload",
    "under_zero",
    "unstable",
    "stuck",  # the weight stays as it is, whatever is put on or taken off
    "no_return",  # something remains when all is taken off
    "mute",
    "garbage",
    "half_reply",
    "endless",  # characters without end, and no weight among them
    "seven_bits",  # sends and expects seven bits with even parity
    "unplugged",  # in the middle of an answer
)

DISPLAY = (
    "mute",  # hung: takes bytes, shows what it showed before
    "dark",  # takes bytes, shows nothing
    "dead_dots",
    "latin_only",  # has no Chinese characters
)

BACKEND = (
    "hang",
    "hang_tls",
    "reset",
    "refused",
    "banner",
    "wrong_host",
    "expired",
    "expires_soon",
    "not_yet_valid",
    "self_signed",
    "untrusted",  # a chain from an authority that the client does not know, as an intercepting box shows
    "missing_intermediate",
    "maintenance",
    "unauthorized",
    "forbidden",
    "not_found",
    "proxy_auth",
    "rate_limited",
    "upgrade",
    "server_error",
    "redirect_loop",
    "captive_portal",
)

DNS = ("mute", "refused", "unknown_name", "wrong_address", "server_failure", "slow")

FAULTS: dict[str, tuple[str, ...]] = {
    "printer": PRINTER,
    "star": STAR,
    "starprnt": STAR,
    "tspl": LABEL_PRINTER,
    "zpl": LABEL_PRINTER,
    "scanner": SCANNER,
    "scale": SCALE,
    "display": DISPLAY,
    "backend": BACKEND,
    "dns": DNS,
}
