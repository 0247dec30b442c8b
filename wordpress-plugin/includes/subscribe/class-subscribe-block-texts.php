<?php
/**
 * The words of the block's settings.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * What the editor's script shows.
 */
final class Subscribe_Block_Texts {

	/**
	 * The languages in which the gateway writes, by their own names.
	 */
	private const LANGUAGES = array(
		'en_US' => 'English',
		'fr_FR' => 'Français',
		'de_DE' => 'Deutsch',
		'es_ES' => 'Español',
		'it_IT' => 'Italiano',
	);

	/**
	 * The words by their names in the script.
	 *
	 * @return array<string,mixed>
	 */
	public static function all(): array {
		$installed = get_available_languages();
		return array(
			'languages'    => self::LANGUAGES + array_combine( $installed, $installed ),
			'settings'     => __( 'Form', 'gateway-connector' ),
			'texts'        => __( 'Texts', 'gateway-connector' ),
			'list'         => __( 'Mailing list', 'gateway-connector' ),
			'choose'       => __( '— choose —', 'gateway-connector' ),
			/* translators: %s: id of a mailing list */
			'notFound'     => __( '%s (not found)', 'gateway-connector' ),
			'chooseFirst'  => __(
				'Choose a mailing list in the settings of this block. Visitors see nothing here until then.',
				'gateway-connector'
			),
			'notConnected' => __( 'This site is not connected to a gateway yet.', 'gateway-connector' ),
			'noAnswer'     => __( 'The gateway did not answer, or has no mailing list yet.', 'gateway-connector' ),
			'name'         => __( 'Ask for the name too', 'gateway-connector' ),
			'language'     => __( 'Language', 'gateway-connector' ),
			'ofPage'       => __( 'Same as the page', 'gateway-connector' ),
			'languageHelp' => __( 'Also the language of the confirmation email.', 'gateway-connector' ),
			'title'        => __( 'Name of this form', 'gateway-connector' ),
			'titleHelp'    => __( 'Visitors do not see it. It names this form in your statistics.', 'gateway-connector' ),
			'label'        => __( 'Text beside the box', 'gateway-connector' ),
			'labelHelp'    => __( 'Kept as proof of what people agreed to. The box is never ticked in advance.', 'gateway-connector' ),
			'policy'       => __( 'Address of the privacy policy', 'gateway-connector' ),
			'policyHelp'   => __( 'Leave empty for the privacy policy page of this site.', 'gateway-connector' ),
			'button'       => __( 'Text of the button', 'gateway-connector' ),
			'success'      => __( 'Text after sending', 'gateway-connector' ),
			'ours'         => __( 'Leave empty for the default text.', 'gateway-connector' ),
		);
	}
}
