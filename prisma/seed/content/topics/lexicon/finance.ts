import { type Lexicon, list } from "./lexicon.ts";

export const finance: Lexicon = {
  who: list(`banks, investors, savers, lenders, shareholders, small businesses, economists, insurers, pensioners,
    taxpayers, fund managers, accountants, borrowers, traders, start-up founders, auditors, brokers, credit
    unions, analysts, treasurers, card holders`),
  body: list(`central bank, finance ministry, stock exchange, pension fund, tax office, building society, credit
    union, insurance group, budget committee, savings bank, competition authority, audit office`),
  subject: list(`loans, savings, interest rates, pensions, shares, taxes, mortgages, government bonds, bank
    branches, insurance, small business loans, tax relief, card payments, microcredit, dividends, green bonds,
    overdrafts, currency reserves, cash machines, company accounts, crowdfunding, wage growth, export credit, tax
    returns, bank transfers, start-up funding, credit scores, invoices, corporate tax, share buybacks, public
    debt, payment apps, inheritance tax, retirement plans, digital currency, venture capital, private equity,
    annuities, exchange rates, customs duties, mergers, instant payments, budget forecasts`),
  problem: list(`inflation, a budget deficit, falling share prices, bad loans, tax evasion, card fraud, rising
    interest rates, a bank run, late payments, a weak currency, bankruptcy, money laundering, a credit squeeze,
    insider trading, a pension shortfall, hidden fees, a payment outage, trade tariffs, an accounting error,
    over-indebtedness, a profit warning, mis-sold insurance, a market crash`),
  act: list(`raise interest rates, cut taxes, lend to small businesses, close bank branches, sell government bonds,
    cap overdraft fees, publish accounts each quarter, invest in start-ups, refund card holders, balance the
    budget, freeze pensions, simplify tax returns, merge with a rival, pay invoices within a month, issue green
    bonds, hold more reserves, pay a dividend, waive bank charges, borrow for longer, insure crops and cargo, list
    on the stock exchange, audit the accounts, tax windfall profits, save for retirement, settle payments at once,
    write off old debts`),
  gauge: list(`interest rates, share prices, household savings, inflation, wages, tax receipts, public debt,
    insurance premiums, profits, pension contributions, bond yields, loan defaults, the exchange rate, exports,
    consumer spending, start-up investment, dividends, bank lending`),
  where:
    list(`on the stock exchange, at the central bank, in the annual budget, on the bond market, at the tax
    office, in bank branches, at the shareholders' meeting, in the financial district, on the high street, on the money markets, at the trading desk, in the pension scheme`),
};
