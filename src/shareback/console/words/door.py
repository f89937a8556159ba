"""Texts at the door: log-in, second factor, enrolment."""

WORDS: dict[str, tuple[str, str]] = {
    "login_title": ("登录运营后台", "Log in to the console"),
    "login_lead": (
        "供项目的运营、审批、财务、审计与客服人员使用。",
        "For a programme's operators, approvers, finance, auditors and support.",
    ),
    "username": ("用户名或手机号", "User name or phone"),
    "password_field": ("密码", "Password"),
    "go_on": ("继续", "Go on"),
    "wrong_login": (
        "用户名或密码不正确，或该账户没有后台角色。",
        "Name or password are wrong, or the account has no role at the console.",
    ),
    "held_up": (
        "尝试次数过多，请 15 分钟后再试。",
        "Too many tries; wait for 15 minutes.",
    ),
    "second_title": ("两步验证", "Second factor"),
    "second_lead": (
        "输入身份验证器应用中显示的 6 位数字，或一个恢复码。",
        "Type the six digits that your authenticator app shows, or a recovery code.",
    ),
    "code": ("验证码", "Code"),
    "confirm": ("验证", "Confirm"),
    "wrong_code": ("验证码不正确或已被使用。", "The code is wrong, or was used before."),
    "enrol_title": ("绑定身份验证器", "Enrol your authenticator"),
    "enrol_lead": (
        "后台的每个账户都需要两步验证。请用身份验证器应用扫描二维码，再输入它显示的数字。",
        (
            "Every account at the console needs a second factor. Scan the code with an"
            " authenticator app, then type the digits that it shows."
        ),
    ),
    "enrol_qr": ("身份验证器二维码", "QR code for an authenticator app"),
    "enrol_typed": ("无法扫描时手动输入：", "If you cannot scan it, type:"),
    "codes_title": ("恢复码", "Recovery codes"),
    "codes_lead": (
        "手机不在身边时，每个恢复码可登录一次。请打印或抄下，离线保存；之后不再显示。",
        (
            "Each of them logs you in once when your telephone is not at hand. Print or write them"
            " down and keep them offline; they are not shown again."
        ),
    ),
    "codes_kept": ("我已妥善保存", "I have kept them"),
    "door_foot": (
        "查看与操作都会记入审计记录。",
        "What is looked at and changed here is kept in an audit trail.",
    ),
}
