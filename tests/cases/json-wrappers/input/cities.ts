export const cities: City[] = [{"id":1,"city":"Kyiv"}] as const;
