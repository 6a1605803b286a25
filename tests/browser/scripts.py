"""What is asked of a page that shows texts of others: whether it is still the page that was meant."""

# What in the parts of the page that show what others wrote is none of ours.
ODD = """() => {
    const ours = new Set(`article header h1 h2 h3 div p span bdi a small table caption thead tbody tr th td details
        summary dl dt dd ul ol li blockquote button form input label pre svg path mark nav section
        time q`.split(/\\s+/));
    const found = [];
    const places = ["#chat", "#kept", "#sources .body", ".masthead", "#articles", "#work", "#about", "#hint",
        "body > main"];
    for (const node of places.flatMap((place) => [...document.querySelectorAll(`${place} *`)])) {
        const say = (what) => found.push(`${what}: ${node.outerHTML.slice(0, 120)}`);
        if (!ours.has(node.localName)) say("element");
        if ([...node.attributes].some(({ name }) => /^(on|src|style|popover|formaction)/.test(name))) say("attribute");
        const link = node.getAttribute("href");
        const away = /^https?:/.test(link ?? "") && /noopener/.test(node.rel);
        if (link !== null && !link.startsWith("#s") && !link.endsWith("/signout") && !away) say("link");
        const placed = /fixed|absolute/.test(getComputedStyle(node).position);
        if (placed && !node.matches(".unseen, .remove")) say("over the page");
    }
    return found;
}"""
# Whether what is at the middle of an element is the element.
ON_TOP = """place => {
    const node = document.querySelector(place), box = node.getBoundingClientRect();
    return node.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
}"""
# Opens the first quote of each turn; what its hint, its link and the panel then show.
OPEN_ALL = """async () => {
    const shown = [];
    for (const turn of document.querySelectorAll(".turn")) {
        const link = turn.querySelector("a.cite, a.near"), mark = link.getAttribute("href").slice(1);
        link.focus();
        const hint = document.querySelector("#hint").textContent;
        link.click();
        while (document.querySelector("mark.open")?.id !== mark) await new Promise(requestAnimationFrame);
        const text = (one) => document.querySelector(`#sources ${one}`).textContent;
        shown.push({ hint, mark: text("mark.open"), title: text("h3"), whole: text(".whole"), odd: (ODD)(),
            forwards: (FORWARDS)(".own, .verdict") });
    }
    return shown;
}"""
# A text of ours beside one of others: its letters stand from left to right.
FORWARDS = """place => [...document.querySelectorAll(place)].every((node) => {
    const range = document.createRange(), text = document.createTreeWalker(node, NodeFilter.SHOW_TEXT).nextNode();
    const lefts = [...text.data].map((_, at) => {
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        return range.getBoundingClientRect();
    });
    return lefts.every((box, at) => !at || box.top > lefts[at - 1].top || box.left >= lefts[at - 1].left);
})"""
OPEN_ALL = OPEN_ALL.replace("ODD", ODD).replace("FORWARDS", FORWARDS)
# Each sentence of an answer, its links written as they were: "[1]".
SENTENCES = """() => [...document.querySelectorAll(".claim > bdi")].map((one) => {
    const copy = one.cloneNode(true);
    copy.querySelectorAll("a.cite").forEach((link) => link.replaceWith(`[${link.textContent}]`));
    return copy.textContent.replaceAll("\\u202f[", " [");
})"""
