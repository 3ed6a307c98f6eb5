package profile

import "strings"

// Zones are the time zones a form offers, west to east; any other IANA name is accepted too.
func Zones() []string { return strings.Fields(zones) }

const zones = `Pacific/Honolulu America/Anchorage America/Los_Angeles America/Vancouver America/Tijuana America/Denver
America/Phoenix America/Edmonton America/Chicago America/Winnipeg America/Mexico_City America/Costa_Rica America/New_York
America/Toronto America/Bogota America/Lima America/Panama America/Caracas America/Halifax America/La_Paz America/Santiago
America/St_Johns America/Argentina/Buenos_Aires America/Sao_Paulo America/Montevideo Atlantic/Azores Atlantic/Cape_Verde UTC
Europe/London Europe/Dublin Europe/Lisbon Atlantic/Canary Africa/Casablanca Africa/Accra Africa/Lagos Africa/Algiers Europe/Madrid
Europe/Paris Europe/Brussels Europe/Amsterdam Europe/Luxembourg Europe/Berlin Europe/Zurich Europe/Vienna Europe/Rome
Europe/Malta Europe/Copenhagen Europe/Oslo Europe/Stockholm Europe/Prague Europe/Bratislava Europe/Warsaw Europe/Budapest
Europe/Ljubljana Europe/Zagreb Europe/Belgrade Europe/Athens Europe/Helsinki Europe/Tallinn Europe/Riga Europe/Vilnius
Europe/Bucharest Europe/Sofia Europe/Kyiv Europe/Chisinau Asia/Nicosia Asia/Jerusalem Asia/Beirut Africa/Cairo
Africa/Johannesburg Africa/Harare Africa/Nairobi Africa/Addis_Ababa Europe/Istanbul Europe/Moscow Asia/Riyadh Asia/Baghdad
Asia/Tehran Asia/Dubai Asia/Baku Asia/Tbilisi Asia/Yerevan Indian/Mauritius Asia/Kabul Asia/Karachi Asia/Tashkent Asia/Kolkata
Asia/Colombo Asia/Kathmandu Asia/Dhaka Asia/Almaty Asia/Yangon Asia/Bangkok Asia/Ho_Chi_Minh Asia/Jakarta Asia/Shanghai
Asia/Hong_Kong Asia/Singapore Asia/Kuala_Lumpur Asia/Manila Asia/Taipei Australia/Perth Asia/Tokyo Asia/Seoul
Australia/Adelaide Australia/Darwin Australia/Brisbane Australia/Sydney Australia/Melbourne Australia/Hobart Pacific/Noumea
Pacific/Auckland Pacific/Fiji Pacific/Tongatapu`
