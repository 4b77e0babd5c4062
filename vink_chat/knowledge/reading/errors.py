"""Why a file, a page or a part of one was not read, each in a sentence."""

from vink_chat.kit.errors import VinkError


class TooBigFile(VinkError):
    """The file is refused by its size, before it is read."""

    sentence = "Файл слишком велик: загрузить можно не больше {megabytes} МБ."
    status = 413


class TooBigUnpacked(VinkError):
    """An archive that unpacks to far more than a document has."""

    sentence = "Внутри файла больше {megabytes} МБ данных: такой файл не читается."
    status = 413


class TooManyRows(VinkError):
    """More rows or sections than one reading gives."""

    sentence = "Слишком много записей: за один раз читается не больше {limit}. Разделите файл на части."
    status = 413


class TooMuchText(VinkError):
    """More text than one reading gives."""

    sentence = "Слишком много текста: за один раз читается не больше {millions} млн знаков. Разделите файл на части."
    status = 413


class TooManyCells(VinkError):
    """A sheet with more cells than are read."""

    sentence = "На листе слишком много ячеек: читается не больше {limit}."
    status = 413


class TooManyPages(VinkError):
    """A PDF with more pages than are read."""

    sentence = "В документе слишком много страниц: читается не больше {limit}."
    status = 413


class TooHeavy(VinkError):
    """Reading took more memory than it may."""

    sentence = "Файл не прочитан: ему не хватило памяти. Возможно, он повреждён или внутри намного больше, чем кажется."
    status = 413


class TookTooLong(VinkError):
    """Reading took more time than it may."""

    sentence = "Файл не прочитан: на его разбор ушло слишком много времени. Разделите его на части."
    status = 413


class Damaged(VinkError):
    """The kind is known, but the file cannot be read."""

    sentence = "Файл повреждён и не читается."


class UnknownKind(VinkError):
    """None of the kinds that are read."""

    sentence = "Файл такого вида не читается: подойдут CSV, XLSX, Markdown, JSONL, PDF и DOCX."
    status = 415


class OldOffice(VinkError):
    """A document of the old binary Office formats."""

    sentence = "Это файл старого формата Office: сохраните его как XLSX или DOCX."
    status = 415


class Encrypted(VinkError):
    """The file asks for a password."""

    sentence = "Файл защищён паролем: снимите защиту и загрузите его снова."


class NotText(VinkError):
    """Bytes that are text in no encoding we know."""

    sentence = "Не удалось понять кодировку файла: сохраните его в UTF-8."


class UnsafeMarkup(VinkError):
    """A document type declaration inside an Office file: only an attack has one."""

    sentence = "Внутри файла есть недопустимые объявления XML: такой файл не читается."


class NoTable(VinkError):
    """A table without a cell that has a text."""

    sentence = "В таблице нет ни одной заполненной строки."


class NoSuchSheet(VinkError):
    """The chosen sheet is not in the file."""

    sentence = "Такого листа в файле нет."


class NoSuchColumn(VinkError):
    """The chosen column is not in the table."""

    sentence = "Выбранного столбца в таблице нет."


class NotATable(VinkError):
    """Columns were asked of a document."""

    sentence = "Это не таблица: столбцы есть только в CSV и XLSX."


class NotADocument(VinkError):
    """A table was to be read as a document, without saying which column is what."""

    sentence = "Это таблица: сначала выберите, какой столбец чему соответствует."


class BrokenCell(VinkError):
    """A row of a CSV file where a quote is never closed, or a cell has no end."""

    sentence = "Таблица обрывается: кавычка открыта, но не закрыта, или ячейка слишком длинная."


class NotYesOrNo(VinkError):
    """A cell that should say whether the article is on."""

    sentence = "Непонятно, включена ли статья: «{value}». Напишите «да» или «нет»."


class NoBody(VinkError):
    """A heading with nothing under it."""

    sentence = "Под заголовком нет текста."


class NoTextOnPage(VinkError):
    """A page of a PDF that is only a picture."""

    sentence = "На странице нет текста: похоже, это скан."


class NoText(VinkError):
    """A PDF without any text."""

    sentence = "В документе нет текста: похоже, это скан. Распознайте его и загрузите снова."


class NothingToRead(VinkError):
    """An empty file, or one without anything that could become an article."""

    sentence = "В файле нет ничего, из чего можно сделать статью."


class NotAWebAddress(VinkError):
    """Not an address that is read."""

    sentence = "Нужен адрес страницы, который начинается с http:// или https://, без пароля и с обычным портом."


class NotPublic(VinkError):
    """The address leads into a private network."""

    sentence = "Этот адрес ведёт во внутреннюю сеть: читаются только страницы, открытые всем."
    status = 403


class NoSuchSite(VinkError):
    """The name of the site does not resolve."""

    sentence = "Сайт с таким адресом не найден."


class SiteUnreachable(VinkError):
    """The site does not answer as a web server."""

    sentence = "Сайт не отвечает."
    status = 502


class PageTooSlow(VinkError):
    """The page did not arrive in time."""

    sentence = "Страница не успела загрузиться за {seconds} с."
    status = 504


class PageTooBig(VinkError):
    """The page is longer than is read."""

    sentence = "Страница слишком велика: читается не больше {megabytes} МБ."
    status = 413


class PageRefused(VinkError):
    """The site answered with an error."""

    sentence = "Сайт не отдал страницу: он ответил кодом {status}."
    status = 502


class TooManyRedirects(VinkError):
    """One redirect too many."""

    sentence = "Страница пересылает дальше больше {limit} раз: она не прочитана."
    status = 502


class RobotsForbid(VinkError):
    """The site's robots.txt forbids programs this page."""

    sentence = "Сайт запрещает программам читать эту страницу (robots.txt)."
    status = 403


class NotAPage(VinkError):
    """What the address gave is not a web page."""

    sentence = "По этому адресу не веб-страница и не карта сайта."
    status = 415


class NoArticleText(VinkError):
    """A page with menus, but without text."""

    sentence = "На странице не нашлось текста статьи."


class OtherSite(VinkError):
    """A page of a sitemap that is of another site."""

    sentence = "Карта сайта указывает на чужой сайт: эта страница не прочитана."


class TooManyAddresses(VinkError):
    """Pages of a sitemap beyond the limit."""

    sentence = "За один раз читается не больше {limit} страниц: остальные ({left}) пропущены."
    status = 413


class TooManyListed(VinkError):
    """Addresses of one sitemap beyond those that are looked at."""

    sentence = "Из карты сайта берутся первые {limit} адресов: остальные ({left}) пропущены."
    status = 413


class TooManySitemaps(VinkError):
    """A sitemap beyond those that are read."""

    sentence = "За один раз читается не больше {limit} карт сайта: эта пропущена."
    status = 413


class ReadingFull(VinkError):
    """Pages of a sitemap for whose drafts there is no room any more."""

    sentence = (
        "За один раз читается до {drafts} статей и {millions} млн знаков: оставшиеся страницы ({left}) пропущены."
    )
    status = 413


class MoreSkipped(VinkError):
    """What was skipped beyond what is listed one by one."""

    sentence = "…и ещё пропущено: {left}."
    status = 413


class OutOfTime(VinkError):
    """The time of a whole reading is over."""

    sentence = "Время на чтение сайта вышло: оставшиеся страницы ({left}) пропущены."
    status = 504
