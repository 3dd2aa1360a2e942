"""Catalogues for forms."""

from checkout.programme.goods import Goods

NO_GOODS = Goods(())
