"""What stands in the head of every page before React: storage that never throws, languages, time zone, where people came from."""

from typing import Final

import reflex as rx

# A sandboxed frame, or a browser that blocks storage, throws on the very look at it, and the page would stay dead; so it
# would with a megabyte where the visitor's secret belongs, because the first frame would not fit through the door.
_SHIM: Final = r"""
(function(){function memory(){var d={};return{getItem:function(k){return k in d?d[k]:null},setItem:function(k,v){
d[k]=String(v)},removeItem:function(k){delete d[k]},clear:function(){d={}},key:function(i){return Object.keys(d)[i]||null},
get length(){return Object.keys(d).length}}}
["localStorage","sessionStorage"].forEach(function(n){try{window[n].getItem("x")}catch(e){
Object.defineProperty(window,n,{value:memory(),configurable:true})}});
try{document.cookie}catch(e){Object.defineProperty(document,"cookie",{get:function(){return""},set:function(){}})}
try{var v=localStorage.getItem("vink_visitor");if(v!==null&&!/^[\w-]{8,100}$/.test(v))localStorage.removeItem("vink_visitor")}
catch(e){}
try{localStorage.setItem("vink_languages",navigator.languages.join());
localStorage.setItem("vink_zone",Intl.DateTimeFormat().resolvedOptions().timeZone||"")}catch(e){}
var theme=new URLSearchParams(location.search).get("theme");
if(theme==="light"||theme==="dark")document.documentElement.dataset.theme=theme;
try{if(parent===self&&!sessionStorage.getItem("vink_arrival"))
sessionStorage.setItem("vink_arrival",(location.href+" "+document.referrer).slice(0,2000))}catch(e){}})();
"""

# Where the line was cut while a page loaded, a script is missing and the page would stay dead: it is loaded again once
# its address answers. Not without end: what fails for another reason is left after a few times.
_AGAIN: Final = r"""
(function(){var waiting=false;function count(n){try{if(n===undefined)return+sessionStorage.getItem("vink_reloads")||0;
sessionStorage.setItem("vink_reloads",n)}catch(e){return 9}}
function again(){if(waiting||count()>5)return;waiting=true;count(count()+1);(function look(){setTimeout(function(){
fetch(location.href,{cache:"no-store"}).then(function(r){if(r.ok)location.reload();else look()},look)},
700+Math.random()*600)})()}
addEventListener("error",function(e){if(e.target&&e.target.tagName==="SCRIPT")again()},true);
addEventListener("unhandledrejection",function(e){if(/module script|imported module/i.test(e.reason&&e.reason.message))
again()});setTimeout(function(){if(!waiting)count(0)},30000)})();
"""

# Whoever writes while the page is still loading has sent their message by their press: the composer asks for it. What
# they typed is its draft already, for a page whose line was cut is loaded again.
_PRESSES: Final = """
window.vinkPressed=[];["click","keydown","input"].forEach(function(kind){addEventListener(kind,function keep(e){
if(!window.vinkPressed)return removeEventListener(kind,keep,true);
if(kind==="click")vinkPressed.push(e.target.closest("button"));else if(!e.target.matches("textarea"))return;
else if(kind==="input"){if(parent===self)try{sessionStorage.setItem("vink_draft",JSON.stringify(e.target.value))}catch(e){}}
else if(e.key==="Enter"&&!e.shiftKey&&!e.isComposing){e.preventDefault();vinkPressed.push(e.target)}},true)});
"""


def components() -> list[rx.Component]:
    """Return the head of every page."""
    return [
        rx.el.script(_SHIM.replace("\n", "")),
        rx.el.script(_AGAIN.replace("\n", "")),
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.meta(name="referrer", content="same-origin"),
        rx.el.meta(name="color-scheme", content="light dark"),
    ]


def early_presses() -> rx.Component:
    """Keep what is pressed in a chat's page before React has started."""
    return rx.el.script(_PRESSES.replace("\n", ""))
