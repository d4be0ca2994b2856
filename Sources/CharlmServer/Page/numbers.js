// Numbers as people read them.

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

export const integer = (value) => whole.format(value);
export const decimal = (value, digits = 2) => value.toFixed(digits);

/** "1 character", "2,000 characters". */
export const counted = (count, singular, plural = `${singular}s`) =>
  `${integer(count)} ${count === 1 ? singular : plural}`;

export function percent(share) {
  const value = share * 100;
  if (value > 0 && value < 0.1) return "< 0.1 %";
  return `${value.toFixed(value < 10 ? 1 : 0)} %`;
}

/** "45 s", "2 min 5 s", "1 h 20 min". */
export function duration(seconds) {
  const total = Math.max(0, Math.round(seconds));
  if (total < 60) return `${total} s`;
  if (total < 3600) return `${Math.floor(total / 60)} min ${total % 60} s`;
  return `${Math.floor(total / 3600)} h ${Math.floor((total % 3600) / 60)} min`;
}

const dateTime = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeStyle: "short" });
export const time = (milliseconds) => dateTime.format(milliseconds);
