/** The words by which the tests find their way, as a person does. */
export const sayings = {
  en: { email: 'E-mail', password: 'Password', signIn: 'Sign in', queue: 'Identity changes' },
  ar: { email: 'البريد الإلكتروني', password: 'كلمة المرور', signIn: 'تسجيل الدخول', queue: 'تغيّرات هوية المستخدمين' },
} as const;
