/** Each would run in a page that takes text for markup, a link for what it says, or a format for what it is not. */
export const hostile = [
  '<img src=x onerror="pwned()">',
  '<script>pwned()</script>',
  '"><svg/onload=pwned()>',
  "'-pwned()-'",
  'javascript:pwned()',
  '{{constructor.constructor("pwned()")()}}',
  '#{pwned()}',
  '</textarea><iframe srcdoc="<script>parent.pwned()</script>">',
  '<a href="javascript:pwned()">x</a>',
  '\u202e<b onmouseover=pwned()>x',
];
