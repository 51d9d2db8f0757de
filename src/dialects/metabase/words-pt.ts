import type { Word } from './words.ts';

/** The texts in Portuguese, as it is written in Brazil. What is missing is English in the original too. */
export const portuguese = {
  forbidden: 'Você não tem permissão para fazer isso.',
  notFound: 'Não encontrado.',
  noRoute: 'Este endpoint da API não existe.',
  invalidRequest: 'Requisição inválida.',
  conflict: 'Outra pessoa alterou isto nesse meio-tempo. Tente novamente.',
  tooLarge: 'A requisição é grande demais.',
  tooManyRequests: 'Requisições demais. Tente novamente mais tarde.',
  held: 'Pessoas demais seriam removidas de uma vez. Um administrador precisa permitir isso.',
  unavailable: 'O serviço não está disponível. Tente novamente mais tarde.',
  unexpected: 'Algo deu errado. O log do servidor diz mais sob o id da requisição {id}.',
  nullable: 'opcional: {text}',
  mustBeEmail: 'o valor deve ser um endereço de e-mail válido.',
  mustBeNonBlank: 'o valor deve ser um texto que não esteja em branco.',
  mustBePositive: 'o valor deve ser um número inteiro maior que zero.',
  mustBeBooleanText: "o valor deve ser um texto booleano válido ('true' ou 'false').",
  mustBeBoolean: 'booleano',
  mustBeLocale:
    "O texto deve ser um código ISO válido de idioma com duas letras ou de idioma e país, por exemplo 'en' ou 'en_US'.",
  mustBeAttributes: 'as chaves dos atributos de login devem ser palavras-chave ou textos',
  mustBeMemberships:
    'sequência de mapas {:id -> <número inteiro maior que zero>, :is_group_manager (opcional) -> <booleano>}',
  passwordTooCommon: 'a senha é comum demais.',
  passwordWrong: 'Senha inválida',
  passwordDidNotMatch: 'não corresponde à senha armazenada',
  accountDisabled: 'Sua conta está desativada.',
  tooManyAttempts: 'Tentativas demais! Você precisa esperar {seconds} segundos antes de tentar novamente.',
  invalidResetToken: 'Código de redefinição inválido',
  wrongSetupToken: 'O código não corresponde ao código de configuração.',
  alreadySetUp: 'A rota /api/setup só pode ser usada para criar o primeiro usuário, mas já existe um usuário.',
  emailInUse: 'Este endereço de e-mail já está em uso.',
  emailOfAnother: 'Este endereço de e-mail já pertence a outro usuário.',
  firstNameOfSso: 'Não é permitido editar o nome de usuários de SSO.',
  lastNameOfSso: 'Não é permitido editar o sobrenome de usuários de SSO.',
  superuserUnlikeGroups:
    'O valor de is_superuser deve corresponder à presença do grupo de administradores em group_ids.',
  reactivateActive: 'Não é possível reativar um usuário ativo',
  unknownModal: 'Janela desconhecida: {modal}',
  allUsersGroup: "Não é possível adicionar usuários ao grupo 'All Users' nem removê-los dele.",
  lastAdmin: "Não é possível remover o último membro do grupo 'Admin'!",
  membershipsForbidden: 'Não é permitido editar a participação em grupos',
  enterpriseOnly:
    'Gerentes de grupo só estão disponíveis com um token premium que inclua o recurso advanced-permissions.',
} as const satisfies Readonly<Partial<Record<Word, string>>>;
