// The demo shop: two languages, a cart that counts, and a button that opens the chat through the page's API.
(() => {
  const en = {
    skip: "Skip to the product", guideHead: "This is the customer's side.",
    guide: "Press the round button in the lower right corner to write to the shop, then open the inbox in another window to answer.",
    guideLink: "Open the inbox", navTea: "Tea", navGifts: "Gift boxes", navStory: "Our story", cart: "Cart",
    art: "A box of lotus tea with a lotus on its front", crumb: "Gift boxes / Lotus tea", title: "West Lake lotus tea, gift box",
    text: "Twelve sachets scented with Bách Diệp lotus, roasted by hand in Quảng An. With a handwritten card in your words.",
    point1: "Delivered within Hà Nội in 2 hours", point2: "VAT invoices for companies", point3: "Exchanged within 7 days if dented or broken",
    add: "Add to cart", amount: "Amount", less: "One less", more: "One more", ask: "Ask the shop", others: "Teas of the season",
    g1: "Jasmine tea, Bảo Lộc", g1t: "Scented three times, sweet finish", g2: "Snow shan tea, Suối Giàng", g2t: "Old trees, picked in March",
    g3: "Chrysanthemum tea", g3t: "No caffeine, for the evening", g4: "Clay teapot, 180 ml", g4t: "Made by hand in Bát Tràng",
    storyHead: "One batch a night",
    story: "From May to August the lotus of West Lake is picked before dawn. Its stamens are parted in the morning and scent Tân Cương tea seven times in three weeks. One kilogram takes a thousand flowers, so we make one batch a night.",
    foot: "This shop does not exist. The page is here to try the chat.",
  };
  const wanted = new URLSearchParams(location.search).get("lang");
  const language = wanted === "en" ? "en" : "vi";
  document.documentElement.lang = language;

  document.addEventListener("DOMContentLoaded", () => {
    if (language === "en") translate();
    for (const button of document.querySelectorAll("button[data-language]")) {
      const its = button.dataset.language;
      button.setAttribute("aria-pressed", String(its === language));
      button.addEventListener("click", () => location.assign(its === "en" ? "?lang=en" : location.pathname));
    }
    sell();
  });

  function translate() {
    for (const element of document.querySelectorAll("[data-t]")) element.textContent = en[element.dataset.t];
    for (const element of document.querySelectorAll("[data-t-label]")) element.setAttribute("aria-label", en[element.dataset.tLabel]);
    for (const element of document.querySelectorAll("[data-price]")) {
      element.textContent = `₫${Number(element.dataset.price).toLocaleString("en-US")}`;
    }
    document.title = "Mộc An Tea";
  }

  function sell() {
    const by = (id) => document.getElementById(id);
    const change = (by_) => {
      by("amount").textContent = String(Math.max(1, Number(by("amount").textContent) + by_));
    };
    by("less").addEventListener("click", () => change(-1));
    by("more").addEventListener("click", () => change(1));
    by("add").addEventListener("click", () => {
      by("count").textContent = String(Number(by("count").textContent) + Number(by("amount").textContent));
    });
    by("ask").addEventListener("click", () => {
      (window.OmniHub = window.OmniHub || []).push(["open"]); // also before the chat has loaded
    });
  }
})();
