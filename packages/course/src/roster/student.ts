/** One line of a class list. */

export interface Student {
  /** Names its folder of submissions and whose its records are. */
  id: string;
  lastName: string;
  firstName: string;
  email: string;
  /** From the list's column `days_late`, where it has one. */
  daysLate?: number;
  /** From the list's column `excused`, where it has one: from all, or from these problems. */
  excused?: true | readonly string[];
  /** Further columns, by their header: Canvas's `SIS Login ID` and `Section` come back in its export. */
  extra: Readonly<Record<string, string>>;
  /** Of the file, from 1. */
  line: number;
}

/** `Ada Lovelace`; empty where the list has no names. */
export const fullName = ({ firstName, lastName }: Pick<Student, "firstName" | "lastName">): string =>
  `${firstName} ${lastName}`.trim();
