"""Errors of operator accounts and sign-in."""

from vink_chat.kit.errors import VinkError


class InvalidLogin(VinkError):
    """A login has an invalid format."""

    sentence = "Логин: от 3 до 64 букв, цифр и знаков . _ - + @ без пробелов."
    status = 422


class InvalidName(VinkError):
    """A name is empty, too long or unprintable."""

    sentence = "Имя: от 1 до 80 знаков в одну строку."
    field = "name"
    status = 422


class InvalidPassword(VinkError):
    """A new password is too short or too long."""

    sentence = "Пароль: не короче 8 и не длиннее 200 знаков."
    status = 422


class CommonPassword(VinkError):
    """A new password is too easy to guess."""

    sentence = "Такой пароль легко угадать. Придумайте другой: например, три-четыре слова, не связанных между собой."
    status = 422


class PasswordIsLogin(VinkError):
    """A new password repeats the login."""

    sentence = "Пароль не должен совпадать с логином."
    status = 422


class InvalidRole(VinkError):
    """There is no such role."""

    sentence = "Такой роли нет: выберите оператора или администратора."
    status = 422


class InvalidSound(VinkError):
    """There is no such choice of sounds."""

    sentence = "Выберите, когда звучать сигналу очереди."
    status = 422


class InvalidPresence(VinkError):
    """There is no such presence."""

    sentence = "Выберите: на месте, отошёл или не на смене."
    status = 422


class InvalidTelegram(VinkError):
    """This is not a Telegram id."""

    sentence = "Это не похоже на учётную запись Telegram."
    status = 422


class LoginTaken(VinkError):
    """Somebody has this login."""

    sentence = "Такой логин уже занят. Выберите другой."
    status = 409


class TelegramTaken(VinkError):
    """Another operator is linked with this Telegram account."""

    sentence = "Этот Telegram уже связан с другим оператором."
    status = 409


class InvalidCredentials(VinkError):
    """Unknown login or wrong password; the error never says which."""

    sentence = "Неверный логин или пароль."
    status = 401


class WrongPassword(VinkError):
    """Somebody who changes their own password does not know the present one."""

    sentence = "Нынешний пароль неверен."
    status = 401
    field = "old"


class OwnAccountDisabled(VinkError):
    """The password is right but the account is disabled; only someone who knows the password is told so."""

    sentence = "Ваша учётная запись отключена. Чтобы её включили, обратитесь к администратору."
    status = 403


class SessionEnded(VinkError):
    """A session was ended on purpose: by its owner, an administrator or a new password."""

    sentence = (
        "Этот сеанс завершён: из него вышли в другой вкладке, его завершили с другого устройства или сменился пароль. "
        "Войдите снова."
    )
    status = 401


class SessionExpired(VinkError):
    """A session was idle for too long, or too old."""

    sentence = "Сеанс закончился: он длится до {days} дней и не дольше {hours} часов без действий. Войдите снова."
    status = 401


class TooManyAttempts(VinkError):
    """The account or the address has tried too often."""

    sentence = "Слишком много попыток входа. Попробуйте через {minutes} мин."
    status = 429


class LinkExpired(VinkError):
    """A one-time link was used, has expired, or never existed."""

    sentence = "Ссылка уже использована или устарела. Попросите новую."
    status = 410


class CannotChangeOwnAccount(VinkError):
    """Administrators may not change their own role or access."""

    sentence = "Свои права и доступ нельзя изменить самому: попросите другого администратора."
    status = 409


class LastAdmin(VinkError):
    """The last administrator cannot be removed."""

    sentence = "Это последний администратор: сначала назначьте другого."
    status = 409


class AccountDisabled(VinkError):
    """The account is switched off."""

    sentence = "Учётная запись отключена. Сначала включите её."
    status = 409


class AlreadyConfirmed(VinkError):
    """The account is not waiting for confirmation."""

    sentence = "Эту учётную запись уже подтвердили."
    status = 409


class NothingToConfirm(VinkError):
    """The invited person has not opened their link yet."""

    sentence = "Приглашённый ещё не открыл свою ссылку."
    status = 409


class TooManyPending(VinkError):
    """The maximum number of accounts is already waiting for approval."""

    sentence = "Сейчас заявок слишком много. Попросите администратора прислать вам ссылку."
    status = 429
