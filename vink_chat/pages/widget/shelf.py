"""The products of the sample shop, and their drawings."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import reflex as rx

Drawing = Callable[[], rx.Component]


@dataclass(frozen=True, slots=True)
class Product:
    """One product, and the question its buyers ask first."""

    name: str
    note: str
    price: str
    question: str
    drawing: Drawing


def _canvas(*children: rx.Component) -> rx.Component:
    return rx.el.svg(
        *children,
        view_box="0 0 320 200",
        preserve_aspect_ratio="xMidYMid slice",
        class_name="w-full h-full",
        custom_attrs={"aria-hidden": "true"},
    )


def _path(d: str, fill: str, line: str = "none") -> rx.Component:
    return rx.el.path(d=d, fill=fill, stroke=line, stroke_width="3", stroke_linejoin="round", stroke_linecap="round")


def banner() -> rx.Component:
    """A banner between two posts, with grommets."""
    grommets = [rx.el.circle(cx=str(x), cy=str(y), r="4", fill="#fff") for x in range(72, 260, 35) for y in (62, 128)]
    return _canvas(
        _path("M0 0h320v200H0z", "#dcecf7"),
        _path("M0 168h320v32H0z", "#b9d3a8"),
        _path("M44 40v140M276 40v140", "none", "#6b7280"),
        _path("M56 50q104 14 208 0v90q-104 14-208 0z", "#ffd500"),
        _path("M92 84h96M92 104h136", "none", "#17181a"),
        *grommets,
    )


def film() -> rx.Component:
    """Three rolls of coloured film."""
    rolls = [
        part
        for at, (dark, light) in enumerate((("#b3261e", "#e4574e"), ("#0b57b0", "#3f86d8"), ("#186a3b", "#3fa368")))
        for part in (
            _path(f"M{50 + at * 80} 60h60v112q-30 16-60 0z", light),
            rx.el.ellipse(cx=str(80 + at * 80), cy="60", rx="30", ry="13", fill=dark),
            rx.el.ellipse(cx=str(80 + at * 80), cy="60", rx="11", ry="5", fill="#f4f4f1"),
        )
    ]
    return _canvas(_path("M0 0h320v200H0z", "#f1e9dd"), *rolls)


def acrylic() -> rx.Component:
    """Acrylic sheets, one behind another."""
    return _canvas(
        _path("M0 0h320v200H0z", "#e6e4f4"),
        _path("M60 150l60-110h120l-60 110z", "#8fd0e8aa", "#5aa9c6"),
        _path("M80 162l60-110h120l-60 110z", "#f29dc1aa", "#cf6d98"),
        _path("M100 174l60-110h120l-60 110z", "#ffe37aaa", "#d0a900"),
    )


def light() -> rx.Component:
    """A coil of LED strip."""
    rings = [
        rx.el.circle(cx="160", cy="104", r=str(radius), fill="none", stroke=colour, stroke_width="10")
        for radius, colour in ((76, "#ffd500"), (56, "#ffb84d"), (36, "#ff7a59"), (16, "#ffe9a8"))
    ]
    return _canvas(_path("M0 0h320v200H0z", "#1f2430"), *rings, _path("M236 104h84", "none", "#ffd500"))


def ink() -> rx.Component:
    """Four bottles of ink."""
    bottles = [
        part
        for at, colour in enumerate(("#00a4d6", "#d6247d", "#f3c300", "#26282c"))
        for part in (
            _path(f"M{52 + at * 58} 84h42v86h-42z", colour),
            _path(f"M{62 + at * 58} 58h22v26h-22z", "#c9ccd3"),
            _path(f"M{58 + at * 58} 112h30v30h-30z", "#ffffffdd"),
        )
    ]
    return _canvas(_path("M0 0h320v200H0z", "#eef0ea"), *bottles)


def printer() -> rx.Component:
    """A wide printer with a picture coming out of it."""
    return _canvas(
        _path("M0 0h320v200H0z", "#e3edf0"),
        _path("M36 64h248v48H36z", "#3d434d"),
        _path("M52 112v66M268 112v66", "none", "#3d434d"),
        _path("M84 104h152v72H84z", "#ffffff", "#c9ccd3"),
        _path("M84 176l46-44 34 26 30-32 42 50z", "#7fb3e0"),
        rx.el.circle(cx="206", cy="126", r="9", fill="#ffd500"),
        _path("M52 80h60", "none", "#ffd500"),
    )


PRODUCTS: Final = (
    Product(
        "Баннерная ткань литая, 510 г/м²",
        "Ширина 3,2 м, для уличной печати",
        "145 ₽/м²",
        "Какой баннер нужен для улицы?",
        banner,
    ),
    Product(
        "Плёнка самоклеящаяся цветная",
        "Служит 5 лет, 60 цветов",
        "от 210 ₽/м²",
        "Сколько прослужит плёнка на улице?",
        film,
    ),
    Product(
        "Акриловое стекло, 3 мм",
        "Режем в размер за один день",
        "1 890 ₽/м²",
        "Чем литой акрил отличается от экструзионного?",
        acrylic,
    ),
    Product("Светодиодная лента, 12 В", "120 диодов на метр, IP65", "320 ₽/м", "Как рассчитать блок питания?", light),
    Product(
        "Чернила экосольвентные", "Четыре цвета, бутылки по 1 л", "2 450 ₽", "Подойдут ли неоригинальные чернила?", ink
    ),
    Product(
        "Принтер широкоформатный, 1,6 м",
        "Доставка и пусконаладка",
        "по запросу",
        "Какой принтер купить для рекламы?",
        printer,
    ),
)
