/** Words that people who write Russian choose as passwords, the commonest of those found in leaks. */
const words = `пароль парол привет любовь солнце наташа наталья андрей максим марина сергей александр александра
  дмитрий татьяна светлана екатерина катя настя анастасия кристина виктория вика юля юлия ирина ольга елена лена
  алексей алеша миша михаил николай иван ваня денис антон артем артур роман рома владимир вова виктор олег игорь
  евгений женя павел паша кирилл никита даша дарья маша мария аня анна полина алина ксюша ксения оксана людмила
  галина валентина надежда вера вероника карина диана милана ярослав руслан рустам тимур ринат ренат марат эльвира
  зайка зайчик котик котенок кошка собака солнышко звезда звездочка лапочка малышка бабочка ромашка рыбка ласточка
  принцесса ангел демон дракон тигр волк медведь орел сокол лошадка черепаха мышка белка
  спартак зенит динамо локомотив цска футбол хоккей чемпион россия москва питер украина беларусь казахстан сибирь
  столица родина победа свобода счастье весна лето осень зима январь февраль март апрель июнь июль август сентябрь
  октябрь ноябрь декабрь понедельник вторник среда четверг пятница суббота воскресенье
  мама мамочка папа папочка семья дружба друзья подруга братан бабушка дедушка сестра брат жизнь смерть деньги доллар
  миллион миллионер компьютер интернет клавиатура монитор сервер админ администратор директор менеджер бухгалтер
  начальник секрет секретно доступ вход войти пользователь гость тест проверка работа офис школа институт студент
  универ лицей музыка гитара машина мотоцикл лада ваз жигули мерседес феррари танк танки сталкер варкрафт
  шоколад шоколадка конфета малина клубника вишня апельсин арбуз банан картошка пельмени водка пиво
  хуй пизда блядь сука ебать дурак идиот козел лох нафиг отстань незнаю непомню забыл`
  .split(/\s+/)
  .filter((word) => word !== '');

/** Ways along the keys of both layouts, as they are on an English keyboard. */
const walks = `qwerty qwertyu qwertyui qwertyuiop asdfgh asdfghj asdfghjk asdfghjkl zxcvbn zxcvbnm qazwsx qazwsxedc
  1qaz2wsx 1q2w3e 1q2w3e4r 1q2w3e4r5t q1w2e3 q1w2e3r4 q1w2e3r4t5 qweasd qweasdzxc qweqwe asdasd zxczxc qwe123 123qwe
  qwer1234 1234qwer asdf1234 zaqwsx zaq12wsx poiuyt lkjhgf mnbvcxz ytrewq rewq4321`.split(/\s+/);

const endings =
  '1 2 7 11 12 13 21 22 23 69 77 99 00 01 123 321 1234 12345 123456 111 222 555 666 777 888 999 2000 2010 2020 2021 2022 2023 2024 2025 2026 ! !! 1! 123!'.split(
    ' ',
  );

const russianKeys = 'йцукенгшщзхъфывапролджэячсмитьбюё';
const englishKeys = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";

const latin: Readonly<Record<string, string>> = {
  ...{
    а: 'a',
    б: 'b',
    в: 'v',
    г: 'g',
    д: 'd',
    е: 'e',
    ё: 'e',
    ж: 'zh',
    з: 'z',
    и: 'i',
    й: 'y',
    к: 'k',
    л: 'l',
    м: 'm',
  },
  ...{ н: 'n', о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'h', ц: 'c', ч: 'ch', ш: 'sh', щ: 'sch' },
  ...{ ъ: '', ы: 'y', ь: '', э: 'e', ю: 'yu', я: 'ya' },
};

/**
 * Common Russian passwords in lower case: the words in Cyrillic, in Latin letters and typed with the keyboard on the other
 * layout, and walks along the keys of both; each alone and with the usual endings.
 */
export function russianPasswords(): string[] {
  const cyrillic = [...words, ...walks.map((walk) => typed(walk, englishKeys, russianKeys))];
  const bases = [
    ...cyrillic,
    ...cyrillic.map((word) => typed(word, russianKeys, englishKeys)),
    ...words.map((word) => [...word].map((letter) => latin[letter] ?? letter).join('')),
  ];
  return bases.flatMap((base) => [base, ...endings.map((ending) => base + ending)]);
}

/** What appears when the keys of one layout are pressed while the other one is on. */
function typed(text: string, from: string, to: string): string {
  return [...text].map((letter) => to[from.indexOf(letter)] ?? letter).join('');
}
