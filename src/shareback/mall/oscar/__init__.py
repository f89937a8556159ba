"""django-oscar's apps as this shop needs them: its models and logic, none of its pages."""
