/** What a script asks for cannot be sent. As in k6 that is no exception but a reply with an error, unless `throw` is set. */
export class RequestMistake extends TypeError {}
