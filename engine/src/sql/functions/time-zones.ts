/**
 * Time zones without the platform's database: standard offsets and summer-time rules of the zones in use.
 *
 * Problem: results must not depend on the machine, and Flink asks Java's zone database. Approach: each zone is a standard offset and one of five
 * summer-time rules, with the American and European changes of the last decades in the rule. Limits: zones whose rule is nobody else's
 * (Cairo, Jerusalem, Santiago …) are not known, and neither are changes of standard offsets in the past.
 */
import { civilDate, DAY_MS, dayNumber, dayOfWeek } from "./calendar.ts";

type Rule = "none" | "us" | "eu" | "au" | "nz";

const HOUR_MS = 3_600_000;

/** [standard offset in minutes, rule, names]. */
const GROUPS: readonly (readonly [offsetMinutes: number, rule: Rule, names: string])[] = [
  [-660, "none", "Pacific/Midway Pacific/Niue Pacific/Pago_Pago"],
  [-600, "us", "America/Adak"],
  [-600, "none", "Pacific/Honolulu Pacific/Rarotonga Pacific/Tahiti"],
  [-570, "none", "Pacific/Marquesas"],
  [-540, "us", "America/Anchorage America/Juneau America/Metlakatla America/Nome America/Sitka America/Yakutat"],
  [-540, "none", "Pacific/Gambier"],
  [-480, "us", "America/Los_Angeles America/Tijuana US/Pacific PST8PDT"],
  [-480, "none", "Pacific/Pitcairn"],
  [-420, "us", "America/Boise America/Cambridge_Bay America/Ciudad_Juarez America/Denver America/Inuvik US/Mountain MST7MDT"],
  [
    -420,
    "none",
    "America/Creston America/Dawson America/Dawson_Creek America/Fort_Nelson America/Hermosillo America/Mazatlan America/Phoenix America/Whitehorse",
  ],
  [
    -360,
    "none",
    "America/Bahia_Banderas America/Belize America/Chihuahua America/Costa_Rica America/El_Salvador America/Guatemala America/Managua America/Merida America/Mexico_City America/Monterrey America/Regina America/Swift_Current America/Tegucigalpa Pacific/Galapagos",
  ],
  [
    -360,
    "us",
    "America/Chicago America/Indiana/Knox America/Indiana/Tell_City America/Matamoros America/Menominee America/North_Dakota/Beulah America/North_Dakota/Center America/North_Dakota/New_Salem America/Ojinaga America/Rankin_Inlet America/Resolute America/Winnipeg US/Central CST6CDT",
  ],
  [
    -300,
    "none",
    "America/Bogota America/Cancun America/Cayman America/Coral_Harbour America/Eirunepe America/Guayaquil America/Jamaica America/Lima America/Panama America/Rio_Branco",
  ],
  [
    -300,
    "us",
    "America/Detroit America/Grand_Turk America/Indiana/Marengo America/Indiana/Petersburg America/Indiana/Vevay America/Indiana/Vincennes America/Indiana/Winamac America/Indianapolis America/Iqaluit America/Kentucky/Monticello America/Louisville America/Nassau America/New_York America/Port-au-Prince America/Toronto US/Eastern EST5EDT",
  ],
  [
    -240,
    "none",
    "America/Anguilla America/Antigua America/Aruba America/Barbados America/Blanc-Sablon America/Boa_Vista America/Campo_Grande America/Caracas America/Cuiaba America/Curacao America/Dominica America/Grenada America/Guadeloupe America/Guyana America/Kralendijk America/La_Paz America/Lower_Princes America/Manaus America/Marigot America/Martinique America/Montserrat America/Port_of_Spain America/Porto_Velho America/Puerto_Rico America/Santo_Domingo America/St_Barthelemy America/St_Kitts America/St_Lucia America/St_Thomas America/St_Vincent America/Tortola",
  ],
  [-240, "us", "America/Glace_Bay America/Goose_Bay America/Halifax America/Moncton America/Thule Atlantic/Bermuda"],
  [-210, "us", "America/St_Johns"],
  [
    -180,
    "none",
    "America/Araguaina America/Argentina/La_Rioja America/Argentina/Rio_Gallegos America/Argentina/Salta America/Argentina/San_Juan America/Argentina/San_Luis America/Argentina/Tucuman America/Argentina/Ushuaia America/Asuncion America/Bahia America/Belem America/Buenos_Aires America/Catamarca America/Cayenne America/Cordoba America/Coyhaique America/Fortaleza America/Jujuy America/Maceio America/Mendoza America/Montevideo America/Paramaribo America/Punta_Arenas America/Recife America/Santarem America/Sao_Paulo Antarctica/Palmer Antarctica/Rothera Atlantic/Stanley",
  ],
  [-180, "us", "America/Miquelon"],
  [-120, "eu", "America/Godthab America/Scoresbysund"],
  [-120, "none", "America/Noronha Atlantic/South_Georgia"],
  [-60, "eu", "Atlantic/Azores"],
  [-60, "none", "Atlantic/Cape_Verde"],
  [
    0,
    "none",
    "Africa/Abidjan Africa/Accra Africa/Bamako Africa/Banjul Africa/Bissau Africa/Conakry Africa/Dakar Africa/Freetown Africa/Lome Africa/Monrovia Africa/Nouakchott Africa/Ouagadougou Africa/Sao_Tome America/Danmarkshavn Atlantic/Reykjavik Atlantic/St_Helena UTC GMT Zulu Etc/UTC Etc/GMT",
  ],
  [
    0,
    "eu",
    "Antarctica/Troll Atlantic/Canary Atlantic/Faeroe Atlantic/Madeira Europe/Dublin Europe/Guernsey Europe/Isle_of_Man Europe/Jersey Europe/Lisbon Europe/London WET GB",
  ],
  [
    60,
    "none",
    "Africa/Algiers Africa/Bangui Africa/Brazzaville Africa/Douala Africa/Kinshasa Africa/Lagos Africa/Libreville Africa/Luanda Africa/Malabo Africa/Ndjamena Africa/Niamey Africa/Porto-Novo Africa/Tunis",
  ],
  [
    60,
    "eu",
    "Africa/Ceuta Arctic/Longyearbyen Europe/Amsterdam Europe/Andorra Europe/Belgrade Europe/Berlin Europe/Bratislava Europe/Brussels Europe/Budapest Europe/Busingen Europe/Copenhagen Europe/Gibraltar Europe/Ljubljana Europe/Luxembourg Europe/Madrid Europe/Malta Europe/Monaco Europe/Oslo Europe/Paris Europe/Podgorica Europe/Prague Europe/Rome Europe/San_Marino Europe/Sarajevo Europe/Skopje Europe/Stockholm Europe/Tirane Europe/Vaduz Europe/Vatican Europe/Vienna Europe/Warsaw Europe/Zagreb Europe/Zurich CET MET",
  ],
  [
    120,
    "none",
    "Africa/Blantyre Africa/Bujumbura Africa/Gaborone Africa/Harare Africa/Johannesburg Africa/Juba Africa/Khartoum Africa/Kigali Africa/Lubumbashi Africa/Lusaka Africa/Maputo Africa/Maseru Africa/Mbabane Africa/Tripoli Africa/Windhoek Europe/Kaliningrad",
  ],
  [
    120,
    "eu",
    "Asia/Famagusta Asia/Nicosia Europe/Athens Europe/Bucharest Europe/Chisinau Europe/Helsinki Europe/Kiev Europe/Mariehamn Europe/Riga Europe/Sofia Europe/Tallinn Europe/Vilnius EET Europe/Kyiv",
  ],
  [
    180,
    "none",
    "Africa/Addis_Ababa Africa/Asmera Africa/Dar_es_Salaam Africa/Djibouti Africa/Kampala Africa/Mogadishu Africa/Nairobi Antarctica/Syowa Asia/Aden Asia/Amman Asia/Baghdad Asia/Bahrain Asia/Damascus Asia/Kuwait Asia/Qatar Asia/Riyadh Europe/Istanbul Europe/Kirov Europe/Minsk Europe/Moscow Europe/Simferopol Europe/Volgograd Indian/Antananarivo Indian/Comoro Indian/Mayotte Turkey",
  ],
  [210, "none", "Asia/Tehran"],
  [
    240,
    "none",
    "Asia/Baku Asia/Dubai Asia/Muscat Asia/Tbilisi Asia/Yerevan Europe/Astrakhan Europe/Samara Europe/Saratov Europe/Ulyanovsk Indian/Mahe Indian/Mauritius Indian/Reunion",
  ],
  [270, "none", "Asia/Kabul"],
  [
    300,
    "none",
    "Antarctica/Mawson Antarctica/Vostok Asia/Almaty Asia/Aqtau Asia/Aqtobe Asia/Ashgabat Asia/Atyrau Asia/Dushanbe Asia/Karachi Asia/Oral Asia/Qostanay Asia/Qyzylorda Asia/Samarkand Asia/Tashkent Asia/Yekaterinburg Indian/Kerguelen Indian/Maldives",
  ],
  [330, "none", "Asia/Calcutta Asia/Colombo Asia/Kolkata"],
  [345, "none", "Asia/Katmandu Asia/Kathmandu"],
  [360, "none", "Asia/Bishkek Asia/Dhaka Asia/Omsk Asia/Thimphu Asia/Urumqi Indian/Chagos"],
  [390, "none", "Asia/Rangoon Indian/Cocos Asia/Yangon"],
  [
    420,
    "none",
    "Antarctica/Davis Asia/Bangkok Asia/Barnaul Asia/Hovd Asia/Jakarta Asia/Krasnoyarsk Asia/Novokuznetsk Asia/Novosibirsk Asia/Phnom_Penh Asia/Pontianak Asia/Saigon Asia/Tomsk Asia/Vientiane Indian/Christmas Asia/Ho_Chi_Minh",
  ],
  [
    480,
    "none",
    "Antarctica/Casey Asia/Brunei Asia/Hong_Kong Asia/Irkutsk Asia/Kuala_Lumpur Asia/Kuching Asia/Macau Asia/Makassar Asia/Manila Asia/Shanghai Asia/Singapore Asia/Taipei Asia/Ulaanbaatar Australia/Perth PRC Singapore Hongkong",
  ],
  [525, "none", "Australia/Eucla"],
  [
    540,
    "none",
    "Asia/Chita Asia/Dili Asia/Jayapura Asia/Khandyga Asia/Pyongyang Asia/Seoul Asia/Tokyo Asia/Yakutsk Pacific/Palau Japan ROK",
  ],
  [570, "au", "Australia/Adelaide Australia/Broken_Hill"],
  [570, "none", "Australia/Darwin"],
  [
    600,
    "none",
    "Antarctica/DumontDUrville Asia/Ust-Nera Asia/Vladivostok Australia/Brisbane Australia/Lindeman Pacific/Guam Pacific/Port_Moresby Pacific/Saipan Pacific/Truk",
  ],
  [600, "au", "Antarctica/Macquarie Australia/Hobart Australia/Melbourne Australia/Sydney"],
  [
    660,
    "none",
    "Asia/Magadan Asia/Sakhalin Asia/Srednekolymsk Pacific/Bougainville Pacific/Efate Pacific/Guadalcanal Pacific/Kosrae Pacific/Noumea Pacific/Ponape",
  ],
  [660, "au", "Pacific/Norfolk"],
  [720, "nz", "Antarctica/McMurdo Pacific/Auckland NZ"],
  [
    720,
    "none",
    "Asia/Anadyr Asia/Kamchatka Pacific/Fiji Pacific/Funafuti Pacific/Kwajalein Pacific/Majuro Pacific/Nauru Pacific/Tarawa Pacific/Wake Pacific/Wallis",
  ],
  [780, "none", "Pacific/Apia Pacific/Enderbury Pacific/Fakaofo Pacific/Tongatapu"],
  [840, "none", "Pacific/Kiritimati"],
];

interface Zone {
  readonly standardMs: number;
  readonly rule: Rule;
}

const ZONES: ReadonlyMap<string, Zone> = new Map([
  ...GROUPS.flatMap(([minutes, rule, names]) =>
    names.split(" ").map((name): [string, Zone] => [name, { standardMs: minutes * 60_000, rule }]),
  ),
  ["Z", { standardMs: 0, rule: "none" }],
]);

const OFFSET = /^(?:GMT|UTC|UT)?([+-])(\d{1,2})(?::?(\d{2}))?$/;

/** True when the zone's rules are known here: offsets such as `GMT+02:00` and the zones of the table above. */
export function isKnownZone(zone: string): boolean {
  return ZONES.has(zone) || OFFSET.test(zone);
}

/** Offset of a zone at an instant, in ms; unknown zones count as UTC. */
export function zoneOffset(zone: string, epochMs: number): number {
  const known = ZONES.get(zone);
  if (known === undefined) {
    const match = OFFSET.exec(zone);
    return match === null ? 0 : (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3] ?? 0)) * 60_000;
  }
  if (known.rule === "none") return known.standardMs;
  return isSummer(known, epochMs) ? known.standardMs + HOUR_MS : known.standardMs;
}

/** Day number of the n-th Sunday of a month, or of its last one (-1). */
function sunday(year: number, month: number, nth: number): number {
  const first = nth > 0 ? dayNumber(year, month, 1) : dayNumber(month === 12 ? year + 1 : year, month === 12 ? 1 : month + 1, 1) - 7;
  return first + ((8 - dayOfWeek(first)) % 7) + (nth > 0 ? (nth - 1) * 7 : 0);
}

function isSummer({ rule, standardMs }: Zone, epochMs: number): boolean {
  const { year } = civilDate(Math.floor((epochMs + standardMs) / DAY_MS));
  const local = (day: number, hour: number): number => day * DAY_MS + hour * HOUR_MS - standardMs;
  switch (rule) {
    case "eu": {
      if (year < 1981) return false;
      const end = sunday(year, year < 1996 ? 9 : 10, -1) * DAY_MS + HOUR_MS;
      return epochMs >= sunday(year, 3, -1) * DAY_MS + HOUR_MS && epochMs < end;
    }
    case "us": {
      if (year < 1967) return false;
      const start = year >= 2007 ? sunday(year, 3, 2) : year >= 1987 ? sunday(year, 4, 1) : sunday(year, 4, -1);
      const end = year >= 2007 ? sunday(year, 11, 1) : sunday(year, 10, -1);
      return epochMs >= local(start, 2) && epochMs < local(end, 1);
    }
    case "au":
      return epochMs < local(sunday(year, 4, 1), 2) || epochMs >= local(sunday(year, 10, 1), 2);
    case "nz":
      return epochMs < local(sunday(year, 4, 1), 2) || epochMs >= local(sunday(year, 9, -1), 2);
    default:
      return false;
  }
}

/**
 * The instant at which a zone's clocks show a local time: in an hour that comes twice the first, in one that is skipped the moment
 * as if the clocks had not been changed (both as `java.time` does).
 */
export function instantOf(local: number, offsetAt: (epochMs: number) => number): number {
  const before = offsetAt(local - DAY_MS);
  const after = offsetAt(local + DAY_MS);
  if (before === after || offsetAt(local - before) === before) return local - before;
  return offsetAt(local - after) === after ? local - after : local - before;
}

/** The same as Java's older calendar reads local times: hours that come twice or never are standard time. */
export function standardInstantOf(local: number, offsetAt: (epochMs: number) => number): number {
  const before = offsetAt(local - DAY_MS);
  const after = offsetAt(local + DAY_MS);
  const standard = Math.min(before, after);
  const instant = instantOf(local, offsetAt);
  return before !== after && offsetAt(local - standard) === standard ? local - standard : instant;
}
