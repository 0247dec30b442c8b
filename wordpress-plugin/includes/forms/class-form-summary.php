<?php
/**
 * What a form does, in words.
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
	 * The sentences by situation. Placeholders: {consent}, {email}, {list}, {missing}, {language}. Fields have brackets around them.
	 *
	 * @return array<string,string>
	 */
	public static function sentences(): array {
		return array(
			'off'           => __( 'Nothing is sent to the gateway. The form works as before.', 'gateway-connector' ),
			'transactional' => __(
				'Submissions are sent to the gateway. Nobody is subscribed, and nobody gets an email.',
				'gateway-connector'
			),
			/* translators: the words in braces stay as they are. xgettext:python-brace-format */
			'incomplete'    => __(
				'Submissions are sent to the gateway, but nobody is subscribed yet: choose {missing}.',
				'gateway-connector'
			),
			/* translators: the words in braces stay as they are. xgettext:python-brace-format */
			'list'          => __(
				'People who tick “{consent}” get a confirmation email at {email} and join “{list}” once they confirm.',
				'gateway-connector'
			),
			/* translators: the words in braces stay as they are. xgettext:python-brace-format */
			'sending'       => __(
				'People who send the form get a confirmation email at {email} and join “{list}” once they confirm.',
				'gateway-connector'
			),
			/* translators: the words in braces stay as they are. xgettext:python-brace-format */
			'half'          => __( 'Another list is not complete yet: choose {missing}.', 'gateway-connector' ),
			/* translators: the words in braces stay as they are. xgettext:python-brace-format */
			'ready'         => __( 'Without the tick, nobody gets an email. Language of the email: {language}.', 'gateway-connector' ),
			/* translators: the words in braces stay as they are. xgettext:python-brace-format */
			'language'      => __( 'Language of the email: {language}.', 'gateway-connector' ),
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
			'words'   => __( 'what the form says', 'gateway-connector' ),
		);
	}

	/**
	 * Which of the sentences fits: off, transactional, incomplete or ready.
	 */
	public static function situation( Form_Settings $settings ): string {
		if ( ! $settings->enabled ) {
			return 'off';
		}
		if ( $settings->transactional ) {
			return 'transactional';
		}
		return $settings->complete() ? 'ready' : 'incomplete';
	}

	/**
	 * The words for these settings, a line for each list.
	 *
	 * @param Form_Settings        $settings The settings.
	 * @param array<string,string> $lists    Names of the lists by id.
	 * @param array<string,string> $fields   Labels of the fields by name.
	 * @param array<string,string> $boxes    Wordings of the consents by the box's name.
	 * @param string               $language The name of the emails' language.
	 */
	public static function of( Form_Settings $settings, array $lists, array $fields, array $boxes, string $language ): string {
		$sentences = self::sentences();
		$situation = self::situation( $settings );
		if ( 'incomplete' === $situation ) {
			return self::fill(
				$sentences['incomplete'],
				array( 'missing' => self::missing( $settings->subscriptions[0] ?? new Subscription() ) )
			);
		}
		$said = array();
		foreach ( 'ready' === $situation ? $settings->subscriptions : array() as $one ) {
			$words  = array(
				'list'    => $lists[ $one->list ] ?? $one->list,
				'consent' => $boxes[ $one->consent ] ?? $one->consent,
				'email'   => $fields[ $one->email ] ?? $one->email,
				'missing' => self::missing( $one ),
			);
			$said[] = self::fill( $sentences[ self::kind( $one ) ], $words );
		}
		$last   = 'ready' === $situation && ! self::has_box( $settings ) ? 'language' : $situation;
		$said[] = self::fill( $sentences[ $last ], array( 'language' => $language ) );
		return implode( "\n", $said );
	}

	/**
	 * Which of the sentences fits to a list: half, sending or list.
	 */
	private static function kind( Subscription $one ): string {
		if ( ! $one->is_complete() ) {
			return 'half';
		}
		return Subscription::SENDING === $one->consent ? 'sending' : 'list';
	}

	/**
	 * Whether a tick decides about a list.
	 */
	private static function has_box( Form_Settings $settings ): bool {
		return array() !== array_filter( $settings->complete(), static fn( Subscription $one ) => Subscription::SENDING !== $one->consent );
	}

	private static function missing( Subscription $chosen ): string {
		$choices = self::choices();
		if ( Subscription::SENDING !== $chosen->consent ) {
			unset( $choices['words'] );
		}
		return implode( ', ', array_filter( $choices, static fn( string $member ) => '' === $chosen->$member, ARRAY_FILTER_USE_KEY ) );
	}

	private static function fill( string $sentence, array $words ): string {
		$placeholders = array_map( static fn( string $word ) => '{' . $word . '}', array_keys( $words ) );
		return strtr( $sentence, array_combine( $placeholders, $words ) );
	}
}
