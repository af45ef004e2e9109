"""What tests ask a page: what its stand-in player was told, and what one of its modules computes."""

from __future__ import annotations

from typing import Any


def calls(page: Any, name: str) -> list[list[Any]]:
    """Return the arguments of every call of the player by that name."""
    return page.evaluate("name => standIn.calls.filter(([each]) => each === name).map(([, ...rest]) => rest)", name)


def computed(page: Any, module: str, body: str, argument: Any = None) -> Any:
    """Return what a body of JavaScript gives, with a module of the page as `m` and an argument as `a`."""
    return page.evaluate(
        "async ([path, body, a]) => { const m = await import(path); return await Function('m', 'a', body)(m, a); }",
        [f"/{module}", body, argument],
    )


def tab(page: Any, name: str) -> Any:
    """Choose one of the stage's tabs; return its panel."""
    page.get_by_role("tab", name=name).click()
    return page.get_by_role("tabpanel", name=name)


def centre(locator: Any) -> tuple[float, float]:
    """Return the middle of what is shown, in pixels."""
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
