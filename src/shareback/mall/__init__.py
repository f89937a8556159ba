"""The shop on django-oscar's models: goods, baskets, checkout, merchants, refunds, vouchers."""
