<?php
/**
 * The answer to a visitor.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * The outcome of a sign-up, in words. It never depends on whether the address is already known.
 */
final class Subscribe_Answer {

	public const SENT  = 'sent';
	public const EMAIL = 'email';
	public const BOX   = 'box';
	public const EARLY = 'early';
	public const STALE = 'stale';
	public const MANY  = 'many';
	public const LOST  = 'lost';

	/**
	 * The sentence, in the form's language.
	 *
	 * @param string              $answer One of the constants.
	 * @param Subscribe_Form|null $form   The form; null when its signature is not ours.
	 */
	public static function text( string $answer, ?Subscribe_Form $form ): string {
		if ( self::SENT === $answer && $form ) {
			return $form->success;
		}
		$say = static fn(): string => self::sentences()[ $answer ];
		return $form ? $form->in_its_language( $say ) : $say();
	}

	/**
	 * The field to correct; empty when it is none.
	 */
	public static function field( string $answer ): string {
		$fields = array(
			self::EMAIL => Subscribe_Listener::EMAIL,
			self::BOX   => Subscribe_Listener::BOX,
		);
		return $fields[ $answer ] ?? '';
	}

	/**
	 * The sentences by answer.
	 *
	 * @return array<string,string>
	 */
	private static function sentences(): array {
		return array(
			self::EMAIL => __( 'Please enter your complete email address.', 'gateway-connector' ),
			self::BOX   => __( 'Please tick the box: without it we may not write to you.', 'gateway-connector' ),
			self::EARLY => __( 'That was quick. Please press the button once more.', 'gateway-connector' ),
			self::STALE => __( 'This page is out of date. Please reload it and send the form again.', 'gateway-connector' ),
			self::MANY  => __(
				'Too many people have signed up from your network just now. Please try again in ten minutes.',
				'gateway-connector'
			),
			self::LOST  => __( 'This could not be stored. Please try again later.', 'gateway-connector' ),
		);
	}
}
