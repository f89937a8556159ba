"""The site for a WSGI server: ``granian --interface wsgi shareback.web.wsgi:application``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shareback.web.settings")
os.environ["SHAREBACK_SERVING"] = "1"

application = get_wsgi_application()
