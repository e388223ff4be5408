"""The presenter as a drawing: one SVG for one moment. Knows nothing of time or sound."""

SKIN, SHADE, HAIR, LIP = "#d8a07c", "#c48a66", "#2a1f1a", "#9a5344"


def mouth(opened, width):
    """Lips around a dark inside; `opened` and `width` run from 0 to 1."""
    half, drop = 13 + 7 * width, 17 * opened
    x0, x1, y = 320 - half, 320 + half, 199
    inside = f"M{x0:.1f} {y}Q320 {y - 3 - 3 * opened:.1f} {x1:.1f} {y}Q320 {y + 4 + 2 * drop:.1f} {x0:.1f} {y}Z"
    if opened < 0.06:
        return f'<path d="M{x0:.1f} {y - 1}Q320 {y + 8} {x1:.1f} {y - 1}" stroke="{LIP}" stroke-width="4.5" fill="none" stroke-linecap="round"/>'
    return f'''<clipPath id="m"><path d="{inside}"/></clipPath><path d="{inside}" fill="#5c211c"/>
<g clip-path="url(#m)"><rect x="{320 - half * .72:.1f}" y="{y - 6}" width="{half * 1.44:.1f}" height="{6 + 4 + 2 * opened:.1f}" rx="3" fill="#f7efe6"/>
<ellipse cx="320" cy="{y + 6 + drop:.1f}" rx="{half * .55:.1f}" ry="{2 + 5 * opened:.1f}" fill="#b8564c"/></g>
<path d="{inside}" fill="none" stroke="{LIP}" stroke-width="3.6" stroke-linejoin="round"/>'''


def eye(cx, lid, gaze):
    """An eye; `lid` 0 is open, 1 is shut."""
    ry = 8.2 * (1 - lid)
    if ry < 1.6:
        return f'<path d="M{cx - 11} 147q11 6 22 0" stroke="{HAIR}" stroke-width="3" fill="none" stroke-linecap="round"/>'
    return f'''<clipPath id="e{cx}"><ellipse cx="{cx}" cy="146" rx="11.5" ry="{ry:.2f}"/></clipPath><g clip-path="url(#e{cx})">
<rect x="{cx - 14}" y="134" width="28" height="24" fill="#f6efe8"/><circle cx="{cx + gaze:.2f}" cy="146" r="7" fill="#3d2a1e"/>
<circle cx="{cx + gaze:.2f}" cy="146" r="3.4" fill="#140d09"/><circle cx="{cx + gaze + 2.4:.2f}" cy="143.4" r="1.8" fill="#fff"/></g>
<path d="M{cx - 12} {148 - ry * .35:.2f}Q{cx} {146 - 1.75 * ry:.2f} {cx + 12} {148 - ry * .35:.2f}" stroke="{HAIR}" stroke-width="2.6" fill="none" stroke-linecap="round"/>'''


def brow(x, lift, inner):
    return f'<path d="M{x} {130 - lift - (1 - inner) * 1:.2f}q12 {-8 - lift * .5:.2f} 24 {inner - 1}" stroke="{HAIR}" stroke-width="4.4" fill="none" stroke-linecap="round"/>'


def frame(opened, width, lid, sway, nod, tilt, lift, gaze, breath):
    """The whole picture, 640 by 360."""
    jaw = 5 * opened
    head = f"translate({sway:.2f} {nod:.2f}) rotate({tilt:.3f} 320 240)"
    body = f"translate({sway * .25:.2f} {-breath:.2f})"
    return f'''<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360" width="640" height="360"><defs>
<linearGradient id="b" x1="0" y1="0" x2="1" y2="1"><stop stop-color="#2b3a4a"/><stop offset="1" stop-color="#55708a"/></linearGradient>
<radialGradient id="f" cx=".42" cy=".36" r=".75"><stop stop-color="#e4b08d"/><stop offset=".62" stop-color="{SKIN}"/><stop offset="1" stop-color="{SHADE}"/></radialGradient>
<linearGradient id="j" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#2a3a47"/><stop offset="1" stop-color="#1c2831"/></linearGradient>
<linearGradient id="h" x1="0" y1="0" x2="1" y2="1"><stop stop-color="#41312a"/><stop offset=".6" stop-color="{HAIR}"/></linearGradient></defs>
<rect width="640" height="360" fill="url(#b)"/>
<rect x="60" y="40" width="120" height="160" rx="4" fill="#fff" fill-opacity=".08"/><path d="M120 40v160M60 120h120" stroke="#2b3a4a" stroke-opacity=".5" stroke-width="4"/>
<rect x="480" y="60" width="90" height="220" rx="4" fill="#fff" fill-opacity=".06"/><path d="M480 130h90M480 205h90" stroke="#fff" stroke-opacity=".1" stroke-width="3"/>
<g fill="#fff" fill-opacity=".12"><rect x="490" y="92" width="9" height="36"/><rect x="502" y="84" width="11" height="44"/><rect x="516" y="96" width="8" height="32"/><rect x="540" y="171" width="9" height="32"/><rect x="552" y="163" width="10" height="40"/><circle cx="504" cy="190" r="12"/></g>
<g transform="{body}"><path d="M166 372c8-88 72-116 154-116s146 28 154 116z" fill="url(#j)"/><path d="M214 372l10-62M426 372l-10-62" stroke="#121b22" stroke-width="3" stroke-linecap="round"/></g>
<g transform="translate({sway * .4:.2f} {nod * .3:.2f})"><path d="M282 200h76v60l-38 46-38-46z" fill="{SHADE}"/></g>
<g transform="{body}"><path d="M284 252l36 40 36-40 22 8-58 76-58-76z" fill="#f1ece2"/><path d="M284 252l36 40-22 26-36-58zM356 252l-36 40 22 26 36-58z" fill="#fbf8f1"/><path d="M264 258l56 76 56-76 12 5-68 109-68-109z" fill="#1a252e"/></g>
<g transform="{head}"><ellipse cx="252" cy="156" rx="11" ry="17" fill="{SHADE}"/><ellipse cx="388" cy="156" rx="11" ry="17" fill="{SHADE}"/>
<path d="M252 140c0-52 30-76 68-76s68 24 68 76c0 {54 + jaw:.1f}-30 {94 + jaw:.1f}-68 {94 + jaw:.1f}s-68-{40:.1f}-68-{94 + jaw:.1f}z" fill="url(#f)"/>
<ellipse cx="278" cy="178" rx="15" ry="9" fill="#d98a6c" fill-opacity=".28"/><ellipse cx="362" cy="178" rx="15" ry="9" fill="#d98a6c" fill-opacity=".28"/>
<path d="M248 152c-12-72 26-106 74-106s84 34 70 106c-5-32-18-52-42-60-34 12-72 10-88 4-8 16-12 34-14 56z" fill="url(#h)"/><path d="M282 62c22-12 54-12 76 2" stroke="#5a463c" stroke-width="3" fill="none" stroke-linecap="round" stroke-opacity=".7"/>
{eye(294, lid, gaze)}{eye(346, lid, gaze)}{brow(282, lift, 2)}{brow(334, lift, 0)}
<path d="M319 152q-7 21 3 26q4 1 7-2" stroke="#b47e5c" stroke-width="3" fill="none" stroke-linecap="round" stroke-linejoin="round"/>
<g transform="translate(0 {jaw * .3:.2f})">{mouth(opened, width)}</g></g></svg>'''
