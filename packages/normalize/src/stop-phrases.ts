/** What people send, and buttons say, to be left alone. Whole messages only. Words that also cancel an order (cancel, end, إلغاء) are not
 *  among them. */
export const stopPhrases: readonly string[] = [
  // English
  ...['stop', 'stop all', 'stopall', 'please stop', 'stop please', 'unsubscribe', 'unsubscribe me', 'opt out', 'optout'],
  ...['stop promotions', 'stop promotion', 'stop promos', 'stop marketing', 'stop marketing messages', 'stop offers', 'stop ads'],
  ...['stop messages', 'stop messaging', 'stop messaging me', 'stop sending messages', 'stop updates', 'do not message me', 'remove me'],
  ...["don't message me", 'dont message me', 'stop texting me', 'no more messages', 'please unsubscribe', 'unsubscribe please'],
  // Arabic
  ...['إلغاء الاشتراك', 'الغي الاشتراك', 'إلغاء اشتراكي', 'ألغوا اشتراكي', 'إيقاف', 'أوقف', 'أوقفوا الرسائل', 'توقف', 'قف'],
  ...['إيقاف الرسائل', 'إيقاف الرسائل التسويقية', 'إيقاف العروض', 'إيقاف العروض الترويجية', 'إيقاف الإعلانات', 'إيقاف الترويج'],
  ...['لا أريد رسائل', 'لا ترسلوا رسائل', 'لا ترسل لي رسائل', 'أوقف الرسائل'],
  // Spanish, Portuguese, French, Italian
  ...['baja', 'darse de baja', 'darme de baja', 'cancelar suscripción', 'detener promociones', 'no más mensajes', 'parar'],
  ...['cancelar inscrição', 'parar promoções', 'descadastrar', 'sair da lista', 'pare'],
  ...['arrêt', 'arrêter', 'se désabonner', 'désabonner', 'désabonnement', 'me désabonner', 'arrêter les promotions'],
  ...['disiscrivimi', 'annulla iscrizione', 'interrompi promozioni'],
  // German, Dutch, Turkish, Russian, Indonesian, Hindi, Urdu
  ...['stopp', 'abmelden', 'abbestellen', 'werbung stoppen', 'keine werbung', 'afmelden', 'uitschrijven'],
  ...['abonelikten çık', 'aboneliği iptal et', 'durdur', 'стоп', 'отписаться', 'berhenti', 'berhenti berlangganan'],
  ...['रोकें', 'बंद करें', 'सदस्यता समाप्त करें', 'ان سبسکرائب'],
];
