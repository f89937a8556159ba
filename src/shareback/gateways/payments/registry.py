"""Which gateways there are."""

from shareback.gateways.payments.builtin import NAME, BuiltinGateway
from shareback.gateways.payments.interface import Gateway

GATEWAYS: dict[str, Gateway] = {NAME: BuiltinGateway()}
"""By name; a real one is added here."""

FOR_TESTS = frozenset({NAME})
"""Those on which no money moves."""
