import { createTransport } from 'nodemailer';
import { mailBody } from './mail.ts';
import { printable } from './post.ts';
import type { AlertSettings } from './settings.ts';
import type { Ended, Told } from './told.ts';

/** What nodemailer says of a failure, as far as we look. */
type MailError = Error & { readonly code?: string; readonly responseCode?: number; readonly response?: string; readonly command?: string };
/** Nothing was sent, and no password either. */
const NO_TLS =
  'the mail server takes no TLS that can be trusted: use smtps://, have it offer STARTTLS, or allow mail in the clear (SMTP_TLS=offered)';
/** Once these were said, the server may have the mail whatever comes after. */
const AFTER_DATA = new Set(['DATA', 'MESSAGE']);

/** Mails a message by the server that the environment names, at once to all of its people; the same `Message-ID` however often. Never throws. */
export async function sendMail({ mail, timeoutMs, publicUrl }: AlertSettings, to: readonly string[], told: Told): Promise<Ended> {
  if (mail === null)
    return {
      outcome: 'no_mail_server',
      httpStatus: null,
      answer: 'SMTP_URL and MAIL_FROM name no mail server',
      result: 'refused',
      isUnsure: false,
    };
  const limits = { connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs, dnsTimeout: timeoutMs };
  const transport = createTransport({ url: mail.url, requireTLS: mail.requireTls, ...limits });
  const { subject, text, html } = mailBody(told, publicUrl);
  const message = {
    ...{ from: mail.from, to: [...to], subject, text, html, messageId: `<${told.deliveryId}@keyturn>` },
    headers: { 'Auto-Submitted': 'auto-generated', ...(told.alertId === null ? {} : { References: `<${told.alertId}@keyturn>` }) },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  };
  try {
    return takenBy(await within(transport.sendMail(message), timeoutMs), to);
  } catch (error) {
    return endedBy(error as MailError);
  } finally {
    transport.close();
  }
}

/** Taken for somebody at least, so it is not sent again; where not for all, it says for which not, by their places, since only admins see the addresses. */
function takenBy(
  { response, rejected }: { readonly response: string; readonly rejected: readonly string[] },
  to: readonly string[],
): Ended {
  const taken = { httpStatus: null, result: 'taken', isUnsure: false } as const;
  if (rejected.length === 0) return { ...taken, outcome: 'delivered', answer: printable(response) };
  const places = rejected.map((address) => to.findIndex((one) => one.toLowerCase() === address.toLowerCase()) + 1);
  return { ...taken, outcome: 'partly', answer: printable(`not for address ${places.join(', ')} of ${to.length}. ${response}`) };
}

function endedBy({ code, responseCode, response = '', command = '' }: MailError): Ended {
  if (code === 'ETLS') return { outcome: 'tls', httpStatus: null, answer: NO_TLS, result: 'failed', isUnsure: false };
  const known = { httpStatus: null, answer: response === '' ? null : printable(response) };
  if (code === 'EAUTH') return { ...known, outcome: 'refused', result: 'refused', isUnsure: false };
  if (responseCode !== undefined && responseCode >= 400)
    return {
      ...known,
      outcome: responseCode >= 500 ? 'refused' : 'status',
      result: responseCode >= 500 ? 'refused' : 'failed',
      isUnsure: false,
    };
  const isUnsure = code === 'ETIMEDOUT' || AFTER_DATA.has(command.toUpperCase());
  return { ...known, outcome: code === 'ETIMEDOUT' ? 'timeout' : 'unreachable', result: 'failed', isUnsure };
}

/** However the server spends the time, no attempt lasts longer. */
async function within<Result>(work: Promise<Result>, timeoutMs: number): Promise<Result> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(Object.assign(new Error('too late'), { code: 'ETIMEDOUT' })), timeoutMs);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
  }
}
