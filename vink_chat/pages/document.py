"""The document around every page: its head with the scripts that run before React, and the «not found» page."""

from typing import Final

import reflex as rx

# In a sandboxed frame, or where the browser blocks storage, reading ``localStorage`` throws, and the page would never
# start. It would not start with a megabyte in place of the visitor's secret either: the first frame would be too long.
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

# When the connection is lost while a page loads, a script is missing and the page would never start: reload it once its
# URL answers. The number of tries is limited and kept in the history entry, which survives a reload even where no storage
# does; it is reset when the page has started ("vink-live"). A started page is not reloaded.
_AGAIN: Final = r"""
(function(){var waiting=false,ours=location.origin+"/assets/";
function tries(n){try{var s=history.state||{};if(n===undefined)return+s.vink_tries||0;
history.replaceState(Object.assign({},s,{vink_tries:n}),"")}catch(e){return 9}}
function again(){var n=tries();if(waiting||n>4||tries(n+1))return;waiting=true;var looks=0;(function look(){
if(looks++<20)setTimeout(function(){fetch(location.href,{cache:"no-store",mode:"no-cors"}).then(function(r){
if(r.ok||r.type==="opaque")location.reload();else look()},look)},
Math.min(30000,700*Math.pow(1.5,looks-1))+Math.random()*600)})()}
addEventListener("error",function(e){var t=e.target;
if(t&&t.tagName==="SCRIPT"&&(t.src?t.src.indexOf(ours)===0:t.type==="module"))again()},true);
addEventListener("unhandledrejection",function(e){var m=String(e.reason&&e.reason.message);
if(/module script|imported module/i.test(m)&&(m.indexOf("://")<0||m.indexOf(ours)>=0))again()});
addEventListener("vink-live",function(){if(tries()&&!waiting)tries(0);waiting=true})})();
"""

# A click on «send» while the page is loading is kept, and the composer sends the text when it starts. The text is stored
# as a draft at once, because a page that lost its connection is reloaded. A click with an empty field sends nothing: the
# stored draft is not visible yet.
_PRESSES: Final = """
window.vinkPressed=[];["click","keydown","input"].forEach(function(kind){addEventListener(kind,function keep(e){
if(!window.vinkPressed)return removeEventListener(kind,keep,true);
var field=document.querySelector("textarea"),pressed=kind==="click"?e.target.closest("button"):e.target;
if(kind!=="click"&&pressed!==field)return;
if(kind==="input"){if(parent===self)try{sessionStorage.setItem("vink_draft",JSON.stringify(field.value))}catch(e){}return}
if(kind==="keydown"){if(e.key!=="Enter"||e.shiftKey||e.isComposing)return;e.preventDefault()}
if(field&&field.value.trim())vinkPressed.push(pressed)},true)});
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
    """Record clicks and keys in a chat page before React has started."""
    return rx.el.script(_PRESSES.replace("\n", ""))


def missing() -> rx.Component:
    """The «not found» page, in both languages; it sends the server no event."""
    return rx.el.main(
        rx.el.h1("Такой страницы нет", class_name="m-0 text-2xl font-bold"),
        rx.el.p("There is no such page", lang="en", class_name="m-0 text-(--soft)"),
        rx.el.a("Открыть чат · Open the chat", href="/", class_name="text-(--link) underline"),
        class_name="min-h-dvh p-6 flex flex-col items-center justify-center gap-3 text-center",
    )
