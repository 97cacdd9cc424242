"""Times as people say them, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from console.services.language import Language
from console.services.times import ago, clock_time, date, duration, exact

NOW = datetime(2026, 11, 22, 9, 32, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
CHINESE, ENGLISH = Language("zh_CN"), Language("en")


@pytest.mark.parametrize(
    ("seconds", "chinese", "english"),
    [
        (-3, "0 秒", "0 s"),
        (2.9, "2 秒", "2 s"),
        (59.9, "59 秒", "59 s"),
        (60, "1 分钟", "1 min"),
        (3599, "59 分钟", "59 min"),
        (3600, "1 小时", "1 h"),
        (3600 + 20 * 60, "1 小时 20 分", "1 h 20 min"),
        (86400, "1 天", "1 day"),
        (5 * 86400, "5 天", "5 days"),
    ],
)
def test_durations(seconds: float, chinese: str, english: str) -> None:
    assert duration(seconds, CHINESE) == chinese
    assert duration(seconds, ENGLISH) == english


def test_ages() -> None:
    assert ago(NOW - timedelta(seconds=2), NOW, CHINESE) == "2 秒前"
    assert ago(NOW - timedelta(minutes=4), NOW, ENGLISH) == "4 min ago"
    assert ago(NOW - timedelta(days=3), NOW, ENGLISH) == "3 days ago"
    assert ago(NOW, NOW, CHINESE) == "刚刚"
    assert ago(NOW + timedelta(minutes=5), NOW, ENGLISH) == "just now"  # a clock that was set back


def test_clock_times_name_the_day_only_when_it_is_another() -> None:
    assert clock_time(NOW, NOW, CHINESE) == "09:32"
    assert clock_time(NOW - timedelta(hours=12), NOW, CHINESE) == "昨天 21:32"
    assert clock_time(NOW - timedelta(hours=12), NOW, ENGLISH) == "yesterday 21:32"
    assert clock_time(NOW - timedelta(days=2), NOW, CHINESE) == "11月20日 09:32"
    assert clock_time(NOW - timedelta(days=2), NOW, ENGLISH) == "Nov 20, 09:32"


def test_times_are_told_in_the_stores_zone() -> None:
    kept = datetime(2026, 11, 22, 0, 55, tzinfo=UTC)
    assert clock_time(kept, NOW, CHINESE) == "08:55"
    assert exact(kept, NOW) == "2026-11-22 08:55:00+08:00"
    assert exact(kept) == "2026-11-22 00:55:00+00:00"


def test_dates() -> None:
    assert date(NOW, CHINESE) == "11月22日 周日"
    assert date(NOW, ENGLISH) == "Sun, Nov 22"
