<?php
/**
 * What a form does, in one sentence.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Says what will happen to a submission. The script of the panel says the same while the owner chooses, from the same sentences.
 */
final class Form_Summary {

	/**
	 * The sentences by situation. Placeholders: {consent}, {email}, {list}, {missing}.
	 *
	 * @return array<string,string>
	 */
	public static function sentences(): array {
		return array(
			'off'        => __( 'Nothing is handed to the gateway. The form works as it did before.', 'gateway-connector' ),
			'incomplete' => __( 'Submissions are handed to the gateway, but nobody is subscribed yet: choose {missing}.', 'gateway-connector' ),
			'ready'      => __( 'Whoever ticks “{consent}” gets an email at [{email}] that asks for confirmation, and joins “{list}” once they confirm. Nobody is written to without the tick.', 'gateway-connector' ),
		);
	}

	/**
	 * What the choices are called where one is missing.
	 *
	 * @return array<string,string>
	 */
	public static function choices(): array {
		return array(
			'list'    => __( 'a mailing list', 'gateway-connector' ),
			'email'   => __( 'the email field', 'gateway-connector' ),
			'consent' => __( 'the consent box', 'gateway-connector' ),
		);
	}

	/**
	 * The sentence for these settings.
	 *
	 * @param bool         $enabled Whether submissions go to the gateway.
	 * @param Subscription $chosen  The list and its fields.
	 * @param string       $list    The list's name.
	 * @param string       $consent The consent's wording.
	 */
	public static function of( bool $enabled, Subscription $chosen, string $list, string $consent ): string {
		$missing = array();
		foreach ( self::choices() as $name => $label ) {
			if ( '' === $chosen->$name ) {
				$missing[] = $label;
			}
		}
		$situation = $enabled ? ( $missing ? 'incomplete' : 'ready' ) : 'off';
		return strtr(
			self::sentences()[ $situation ],
			array(
				'{missing}' => implode( ', ', $missing ),
				'{consent}' => $consent,
				'{email}'   => $chosen->email,
				'{list}'    => $list,
			)
		);
	}
}
