/** What kinds' columns are called and mean in Chinese; in English the server says it. */
import { language } from '@/ui/language'
import type { FormatColumn } from './kinds'

type Said = readonly [name: string, meaning: string]

const CHINESE: Record<string, Record<string, Said>> = {
  customers: {
    number: ['客户编号', '贵公司的客户编号'],
    name: ['客户名称', '公司名称'],
    currency: ['币种', '该客户的采购币种，如 USD 或 CNY'],
    owner: ['负责销售', '负责该客户的销售的登录用户名'],
    country: ['国家', '国家'],
    city: ['城市', '城市'],
    address: ['地址', '街道和门牌号'],
    postal_code: ['邮政编码', '邮政编码'],
    phone: ['电话', '电话号码'],
    group: ['客户组', '用于定价的客户组'],
    region: ['区域', '用于定价的区域']
  },
  contacts: {
    customer: ['客户编号', '所属客户的编号'],
    name: ['姓名', '联系人姓名'],
    role: ['职务', '在该公司的职务'],
    email: ['邮箱', '电子邮箱地址'],
    phone: ['电话', '电话号码']
  },
  suppliers: {
    number: ['供应商编号', '贵公司的供应商编号'],
    name: ['供应商名称', '公司名称'],
    contact_name: ['联系人', '联系人姓名'],
    country: ['国家', '国家'],
    city: ['城市', '城市'],
    address: ['地址', '街道和门牌号'],
    phone: ['电话', '电话号码']
  },
  items: {
    sku: ['商品编码', '贵公司的商品编码'],
    name: ['商品名称', '名称'],
    category: ['类别', '商品类别'],
    uom: ['单位', '计量单位'],
    decimals: ['小数位数', '数量可以有几位小数（0 到 3）'],
    lot_tracked: ['按批次管理', '是否按批次管理：yes 或 no'],
    supplier: ['供应商编号', '供应商的编号'],
    serial_tracked: ['按序列号管理', '每件是否按序列号管理：yes 或 no']
  },
  warehouses: {
    code: ['仓库编码', '编码'],
    name: ['仓库名称', '名称'],
    default: ['默认仓库', '未指定仓库时使用：仅一个仓库填 yes']
  },
  credit_limits: {
    customer: ['客户编号', '客户的编号'],
    currency: ['币种', '该客户的币种'],
    limit: ['信用额度', '信用额度；留空表示不限']
  },
  prices: {
    policy: ['价格策略', '价格策略的名称；同名各行属于同一策略'],
    currency: ['币种', '该策略的币种'],
    customer: ['客户编号', '适用的客户编号；留空表示全部'],
    customer_group: ['客户组', '适用的客户组；留空表示全部'],
    channel: ['渠道', '适用的销售渠道；留空表示全部'],
    region: ['区域', '适用的区域；留空表示全部'],
    valid_from: ['生效日期', '首日，如 2026-01-01'],
    valid_until: ['失效日期', '末日'],
    sku: ['商品编码', '商品的编码'],
    min_quantity: ['起订数量', '从该数量起'],
    unit_price: ['单价', '每单位价格，最多 4 位小数']
  },
  stock: {
    warehouse: ['仓库编码', '仓库的编码'],
    sku: ['商品编码', '商品的编码'],
    lot: ['批次', '批号，仅按批次管理的商品填写'],
    quantity: ['数量', '在库数量'],
    unit_cost: ['单位成本', '每单位成本及币种，如 9.50 USD'],
    serials: ['序列号', '各件的序列号，以空格分隔；连续号段可写作 SN01..SN50']
  }
}

/** The Chinese name of a column, where there is one. */
export const columnName = (kind: string, column: string): string | undefined => CHINESE[kind]?.[column]?.[0]

/** What the reader calls a column: its name in files in English. */
export const columnTitle = (kind: string, column: string): string =>
  (language.value === 'zh' && columnName(kind, column)) || column

/** What a column means, in the reader's language where that is known. */
export const columnMeaning = (kind: string, column: FormatColumn): string =>
  (language.value === 'zh' && CHINESE[kind]?.[column.name]?.[1]) || column.meaning
