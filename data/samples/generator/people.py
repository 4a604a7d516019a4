"""Invented persons. Their ID numbers carry a valid check digit (GB 11643) and an area code that no place has."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date

AREA = "999999"
"""No such division: none of these numbers can be a real person's."""

PHONE_PREFIX = "142"
"""A range no operator gives to persons."""

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_SURNAMES = (
    "李王张刘陈杨周黄赵吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟"
    "汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_MALE = "伟刚勇毅俊峰强军平保东文辉力明永健世广志义兴良海山仁波宁贵福生龙元全国胜学祥才发武新利清飞彬富顺信子杰涛昌成康星光天达安岩中茂进林有坚和彪博诚先敬震振壮会思群豪心邦承乐绍功松善厚庆磊民友裕河哲江超浩亮政谦亨奇固之轮翰朗伯宏言若鸣朋斌梁栋维启克伦翔旭鹏泽晨辰士以建家致树炎德行时泰盛雄琛钧冠策腾楠榕风航弘"
_FEMALE = "秀娟英华慧巧美娜静淑惠珠翠雅芝玉萍红娥玲芬芳燕彩春菊兰凤洁梅琳素云莲真环雪荣爱妹霞香月莺媛艳瑞凡佳嘉琼勤珍贞莉桂娣叶璧璐娅琦晶妍茜秋珊莎锦黛青倩婷姣婉娴瑾颖露瑶怡婵雁蓓纨仪荷丹蓉眉君琴蕊薇菁梦岚苑婕馨瑗琰韵融园艺咏卿聪澜纯毓悦昭冰爽琬茗羽希宁欣飘育滢馥筠柔竹霭凝晓欢霄枫芸菲寒伊亚宜可姬舒影荔枝思丽"


def check_digit(first17: str) -> str:
    """The 18th character of an ID number."""
    return _CHECK[sum(int(d) * w for d, w in zip(first17, _WEIGHTS, strict=True)) % 11]


def valid(number: str | None) -> bool:
    """True when the check digit is right: only then does a number say who somebody is."""
    return number is not None and check_digit(number[:17]) == number[17]


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person."""

    name: str
    sex: str
    birth: date
    id_card: str


@dataclass
class Population:
    """Makes persons. Every ID number is used once; a name is used once in a township."""

    rng: random.Random
    _sequence: dict[tuple[date, str], int] = field(default_factory=dict)
    _names: dict[str, set[str]] = field(default_factory=dict)
    _phones: int = 0

    def person(self, place: str, sex: str, birth_years: tuple[int, int]) -> Person:
        """Return a new person of `place` (a township's code), born in the years given."""
        birth = date(self.rng.randint(*birth_years), self.rng.randint(1, 12), self.rng.randint(1, 28))
        number = self._sequence.get((birth, sex), 1 if sex == "男" else 0)
        self._sequence[birth, sex] = number + 2
        first17 = f"{AREA}{birth:%Y%m%d}{number:03d}"
        return Person(self._name(place, sex), sex, birth, first17 + check_digit(first17))

    def phone(self) -> str:
        """Return a telephone number nobody has, unique."""
        self._phones += 1
        return f"{PHONE_PREFIX}{self._phones * 7919 % 100_000_000:08d}"

    def _name(self, place: str, sex: str) -> str:
        taken = self._names.setdefault(place, set())
        pool = _MALE if sex == "男" else _FEMALE
        while True:
            given = "".join(self.rng.choice(pool) for _ in range(1 if self.rng.random() < 0.22 else 2))
            name = self.rng.choice(_SURNAMES[: 40 if self.rng.random() < 0.8 else None]) + given
            if name not in taken:
                taken.add(name)
                return name
